package io.github.sessionaware;

import java.time.Instant;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes the refresh tokens of one service, and derives the next token from the last. The key comes from the
 * application's secret, the issuer and the audience. So a service accepts no token of another service that shares the
 * table.
 *
 * <p>Each hash is bound to one session, one user, and the role of the token in that session. So write access to the
 * table is not enough to assign a record to another token, another user or an earlier time.
 */
final class RefreshHash {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;

    RefreshHash(byte[] secret, TokenCodec.Scope scope) {
        String issuer = scope.issuer();
        this.key = Secrets.hmacKey(
                secret,
                "refresh tokens of session-aware-jwt, " + issuer.length() + " " + issuer + "."
                        + scope.audiences().get(0));
    }

    /** Hashes the part that all tokens of a session have in common. */
    String family(RefreshToken token) {
        return mac("family", token.sessionId(), token.family(), token.userId());
    }

    String current(RefreshToken token) {
        return mac("current", token.sessionId(), token.secret(), token.userId());
    }

    /** Hashes a token that was replaced at the given time. The nonce belongs to that replacement. */
    String previous(RefreshToken token, String nonce, Instant rotatedAt) {
        return mac(
                "previous",
                token.sessionId(),
                token.secret(),
                nonce,
                Long.toString(rotatedAt.toEpochMilli()),
                token.userId());
    }

    /**
     * Returns the next token, which is the same at every call while the record has this nonce. Nobody can compute it
     * from the table, nor from the table and a used token.
     */
    RefreshToken successor(RefreshToken token, String nonce) {
        return token.withSecret(mac("next", token.sessionId(), token.secret(), nonce));
    }

    /** Returns the first refresh token of a session that came from a stateless token. */
    RefreshToken firstOfMigrated(SessionRecord session, String fingerprint) {
        return new RefreshToken(
                session.userId(),
                session.id(),
                mac("migrated family", session.id(), fingerprint, session.userId()),
                mac("migrated secret", session.id(), fingerprint, session.userId()));
    }

    /** Hashes what a device is to sign. */
    String challenge(String purpose, String sessionId, long millis, String userId) {
        return mac("challenge", purpose, sessionId, Long.toString(millis), userId);
    }

    /** Hashes the key of a device and what else a record keeps of the binding. */
    String binding(String sessionId, long millis, String family, String deviceKey, String userId) {
        return mac("binding", sessionId, Long.toString(millis), family, deviceKey, userId);
    }

    /** A secret of 256 random bits needs no salt and no slow hash. No part except the last contains {@code ~}. */
    private String mac(String... parts) {
        return ENCODER.encodeToString(Secrets.hmac(key, String.join("~", parts)));
    }
}
