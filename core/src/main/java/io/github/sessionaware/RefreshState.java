package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * What a record knows of its refresh token: hashes, from which no token can be made. The hash of the family tells any
 * token that was ever given out for the session from a guess, so only a real one can be reused. The nonce leads from
 * the previous token to the current one, for a client that still has the previous one.
 */
record RefreshState(String family, String current, String previous, String nonce, Instant rotatedAt) {
    private static final String FORMAT = "1";
    private static final String NONE = "";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    static RefreshState first(RefreshToken token, Instant now) {
        return new RefreshState(hash(token.family()), hash(token.secret()), NONE, NONE, now);
    }

    /** Empty if the session was made without a refresh token. */
    static Optional<RefreshState> of(Session session) {
        return Optional.ofNullable(session.refreshState()).map(RefreshState::decode);
    }

    private static RefreshState decode(String state) {
        String[] parts = state.split("\\.", -1);
        if (parts.length != 6 || !parts[0].equals(FORMAT)) {
            throw new SessionStoreException("A session record has a refresh state that this release cannot read");
        }
        return new RefreshState(parts[1], parts[2], parts[3], parts[4], Instant.ofEpochMilli(Long.parseLong(parts[5])));
    }

    String encoded() {
        return String.join(".", FORMAT, family, current, previous, nonce, Long.toString(rotatedAt.toEpochMilli()));
    }

    RefreshState rotated(RefreshToken successor, String nonce, Instant now) {
        return new RefreshState(family, hash(successor.secret()), current, nonce, now);
    }

    boolean wasGivenOut(RefreshToken token) {
        return equal(family, hash(token.family()));
    }

    boolean isCurrent(RefreshToken token) {
        return equal(current, hash(token.secret()));
    }

    boolean isPrevious(RefreshToken token) {
        return equal(previous, hash(token.secret()));
    }

    private static boolean equal(String stored, String presented) {
        return MessageDigest.isEqual(
                stored.getBytes(StandardCharsets.US_ASCII), presented.getBytes(StandardCharsets.US_ASCII));
    }

    /** Secrets of 256 random bits need no salt and no slow hash. */
    static String hash(String secret) {
        try {
            return ENCODER.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
