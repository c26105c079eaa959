package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.nio.charset.StandardCharsets;
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
record RefreshToken(String userId, String sessionId, String family, String secret) {
    /** The longest user id, of 255 code points with four bytes each, has 1,360 characters in base64url. */
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_-]{1,1360})~([A-Za-z0-9_-]{22,64})~([A-Za-z0-9_-]{43})~([A-Za-z0-9_-]{43})");

    private static final int SECRET_BYTES = 32;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    static RefreshToken first(String userId, String sessionId, SecureRandom random) {
        return new RefreshToken(userId, sessionId, secret(random), secret(random));
    }

    static RefreshToken parse(@Nullable String token) {
        if (token == null || token.isBlank()) {
            throw new InvalidTokenException(Reason.MISSING);
        }
        Matcher parts = FORM.matcher(token);
        if (!parts.matches()) {
            throw new InvalidTokenException(Reason.MALFORMED);
        }
        return new RefreshToken(userId(parts.group(1)), parts.group(2), parts.group(3), parts.group(4));
    }

    /** Accepts one spelling of a user id, so that one token has one spelling. */
    private static String userId(String encoded) {
        try {
            String userId = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
            if (Identifiers.isValid(userId) && encode(userId).equals(encoded)) {
                return userId;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the refusal.
        }
        throw new InvalidTokenException(Reason.MALFORMED);
    }

    private static String encode(String userId) {
        return ENCODER.encodeToString(userId.getBytes(StandardCharsets.UTF_8));
    }

    RefreshToken withSecret(String secret) {
        return new RefreshToken(userId, sessionId, family, secret);
    }

    String encoded() {
        return encode(userId) + "~" + sessionId + "~" + family + "~" + secret;
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
