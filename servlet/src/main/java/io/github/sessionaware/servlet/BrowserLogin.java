package io.github.sessionaware.servlet;

import org.jspecify.annotations.Nullable;

/**
 * The cookies of one login, or of one refresh of it. Their names end in the stamp.
 *
 * @param accessToken null if the request has no such cookie, or has it twice
 * @param refreshToken null if the request has no such cookie, or has it twice
 */
record BrowserLogin(
        Stamp stamp, @Nullable String accessToken, @Nullable String refreshToken) {

    BrowserLogin withAccessToken(@Nullable String token) {
        return new BrowserLogin(stamp, token, refreshToken);
    }

    BrowserLogin withRefreshToken(@Nullable String token) {
        return new BrowserLogin(stamp, accessToken, token);
    }

    /** Returns a constant, because the tokens are secret. */
    @Override
    public String toString() {
        return "BrowserLogin[(hidden)]";
    }
}
