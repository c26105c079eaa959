package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The token that a client exchanges for a new access token. The family secret stays the same from login to logout. It
 * shows that a token, however old, was issued for this session. The other secret changes at every use.
 *
 * <p>The encoded form has no dot. So a refresh token and an access token differ in form, and neither passes for the
 * other.
 */
record RefreshToken(String sessionId, String family, String secret) {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_-]{22,64})~([A-Za-z0-9_-]{43})~([A-Za-z0-9_-]{43})");
    private static final int SECRET_BYTES = 32;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    static RefreshToken first(String sessionId, SecureRandom random) {
        return new RefreshToken(sessionId, secret(random), secret(random));
    }

    static RefreshToken parse(@Nullable String token) {
        if (token == null || token.isBlank()) {
            throw new InvalidTokenException(Reason.MISSING);
        }
        Matcher parts = FORM.matcher(token);
        if (!parts.matches()) {
            throw new InvalidTokenException(Reason.MALFORMED);
        }
        return new RefreshToken(parts.group(1), parts.group(2), parts.group(3));
    }

    RefreshToken withSecret(String secret) {
        return new RefreshToken(sessionId, family, secret);
    }

    String encoded() {
        return sessionId + "~" + family + "~" + secret;
    }

    private static String secret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return ENCODER.encodeToString(bytes);
    }

    /** Returns a constant, because the token is secret. */
    @Override
    public String toString() {
        return "RefreshToken[(hidden)]";
    }
}
