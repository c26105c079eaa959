package io.github.sessionaware;

import java.time.Instant;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes refresh tokens for one service, and makes the next from the last, under a key that comes from a secret of the
 * application's, the issuer and the audience. So a service that shares the table takes no token of another. Each hash
 * holds for one session of one user, and for the part that the token plays there, so that nobody who can write to the
 * table gives a record to another token, another user or an earlier time.
 */
final class RefreshHash {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;

    RefreshHash(byte[] secret, String issuer, String audience) {
        this.key = Secrets.hmacKey(
                secret, "refresh tokens of session-aware-jwt, " + issuer.length() + " " + issuer + "." + audience);
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
        return ENCODER.encodeToString(Secrets.hmac(key, String.join("~", parts)));
    }
}
