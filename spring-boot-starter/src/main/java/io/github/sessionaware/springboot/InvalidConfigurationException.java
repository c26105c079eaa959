package io.github.sessionaware.springboot;

import org.jspecify.annotations.Nullable;

/** Reports a setting with which the application cannot start, and what to write where. Contains no secret. */
final class InvalidConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    InvalidConfigurationException(String description, String action) {
        this(description, action, null);
    }

    InvalidConfigurationException(String description, String action, @Nullable Throwable cause) {
        super(description + ". " + action, cause);
        this.description = description;
        this.action = action;
    }

    String description() {
        return description;
    }

    String action() {
        return action;
    }
}
