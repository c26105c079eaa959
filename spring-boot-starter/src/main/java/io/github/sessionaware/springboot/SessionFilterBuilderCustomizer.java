package io.github.sessionaware.springboot;

import io.github.sessionaware.servlet.SessionFilterBuilder;

/**
 * Changes the builder of the filter after the properties were applied, for settings that have no property. Declare it
 * as a bean. Several are called in the order of {@code @Order}.
 *
 * <p>With Spring Security the rules of the chains decide which paths are open, and {@code open} has no effect there.
 */
@FunctionalInterface
public interface SessionFilterBuilderCustomizer {
    /**
     * Changes the builder. It is called once, before the filter is built.
     *
     * @param builder the builder, with the settings of the properties
     */
    void customize(SessionFilterBuilder builder);
}
