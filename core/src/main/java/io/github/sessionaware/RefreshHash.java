package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes refresh tokens for one service, and makes the next from the last, under a key that comes from its signing key,
 * its issuer and its audience. So a service that shares the table takes no token of another. Each hash holds for one
 * session of one user, and for the part that the token plays there, so that nobody who can write to the table gives a
 * record to another token, another user or an earlier time.
 */
final class RefreshHash {
    private static final String ALGORITHM = "HmacSHA256";

    /** With spaces, which no signed token has, so that no signature is ever this key. */
    private static final String PURPOSE = "refresh tokens of session-aware-jwt, ";

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;

    RefreshHash(SigningKey signingKey, String issuer, String audience) {
        byte[] derived = signingKey.algorithm().sign(bytes(PURPOSE + issuer.length() + " " + issuer), bytes(audience));
        this.key = new SecretKeySpec(derived, ALGORITHM);
    }

    /** Of what all tokens of a session have in common. */
    String family(RefreshToken token, String userId) {
        return mac("family", token.sessionId(), token.family(), userId);
    }

    String current(RefreshToken token, String userId) {
        return mac("current", token.sessionId(), token.secret(), userId);
    }

    /** Of a token that was replaced at that time, to which the nonce belongs. */
    String previous(RefreshToken token, String userId, String nonce, Instant rotatedAt) {
        return mac(
                "previous", token.sessionId(), token.secret(), nonce, Long.toString(rotatedAt.toEpochMilli()), userId);
    }

    /**
     * The next token, for whoever holds this one while the record holds the nonce: the same at every try. Out of reach
     * for somebody who has the table, and also for somebody who has the table and a token that has been used.
     */
    RefreshToken successor(RefreshToken token, String nonce) {
        return token.withSecret(mac("next", token.sessionId(), token.secret(), nonce));
    }

    /** Secrets of 256 random bits need no salt and no slow hash. The parts, but for the last, have no {@code ~}. */
    private String mac(String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return ENCODER.encodeToString(mac.doFinal(bytes(String.join("~", parts))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
