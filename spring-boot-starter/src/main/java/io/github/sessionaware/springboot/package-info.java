/**
 * Configures the library in a Spring Boot application. Each bean backs off if the application has a bean of the same
 * type. The properties begin with {@code session-aware-jwt}.
 */
@NullMarked
package io.github.sessionaware.springboot;

import org.jspecify.annotations.NullMarked;
