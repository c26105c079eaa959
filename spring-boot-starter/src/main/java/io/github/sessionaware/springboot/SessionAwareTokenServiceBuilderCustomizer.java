package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionAwareTokenServiceBuilder;

/**
 * Changes the builder of the service after the properties were applied, for settings that have no property. Declare it
 * as a bean. Several are called in the order of {@code @Order}.
 *
 * <pre>{@code
 * @Bean
 * SessionAwareTokenServiceBuilderCustomizer rolesOnRefresh(Users users) {
 *     return builder -> builder.claimsOnRefresh((userId, session) -> Map.of("roles", users.rolesOf(userId)));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface SessionAwareTokenServiceBuilderCustomizer {
    /**
     * Changes the builder. It is called once, before the service is built.
     *
     * @param builder the builder, with the settings of the properties
     */
    void customize(SessionAwareTokenServiceBuilder builder);
}
