package io.github.sessionaware.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the application. */
@SpringBootApplication
public class DevicesApplication {
    /**
     * Starts it.
     *
     * @param arguments properties of Spring Boot, such as {@code --server.port=8081}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(DevicesApplication.class, arguments);
    }
}
