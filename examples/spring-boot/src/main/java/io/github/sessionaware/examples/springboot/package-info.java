/** An application with Spring Boot: sign-in, devices, step-up and password change. */
@NullMarked
package io.github.sessionaware.examples.springboot;

import org.jspecify.annotations.NullMarked;
