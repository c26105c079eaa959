package io.github.sessionaware.servlet;

import io.github.sessionaware.InvalidTokenException;
import org.jspecify.annotations.Nullable;

/** Ends a request whose browser must prove its device's key first. The browser can, and then repeats the request. */
final class DeviceProofNeededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Serialized with the exception. */
    private final @Nullable InvalidTokenException otherwise;

    /**
     * Creates the exception.
     *
     * @param otherwise what the request gets if its browser cannot be asked; null for 403
     */
    DeviceProofNeededException(@Nullable InvalidTokenException otherwise) {
        super("The browser must prove the key of its device; let the SessionFilter answer this exception", otherwise);
        this.otherwise = otherwise;
    }

    @Nullable
    InvalidTokenException otherwise() {
        return otherwise;
    }
}
