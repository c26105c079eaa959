package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a session record keeps of its refresh token: hashes, from which no token can be computed. The hash of the family
 * separates tokens that were issued for the session from guesses, so only an issued token can be reused. With the
 * nonce, a client that still has the previous token gets the current one.
 */
record RefreshState(String family, String current, String previous, String nonce, Instant rotatedAt) {
    private static final String FORMAT = "1";
    private static final String NONE = "";
    private static final Pattern MILLIS = Pattern.compile("-?[0-9]{1,16}");

    static RefreshState first(RefreshToken token, RefreshHash hash, Instant now) {
        return new RefreshState(hash.family(token), hash.current(token), NONE, NONE, now);
    }

    /** Returns empty if the session was created without a refresh token, or is bound to a device's key. */
    static Optional<RefreshState> of(SessionRecord session) {
        return session.deviceKey() == null
                ? Optional.ofNullable(session.refreshState()).map(RefreshState::decode)
                : Optional.empty();
    }

    private static RefreshState decode(String state) {
        String[] parts = state.split("\\.", -1);
        if (parts.length != 6
                || !parts[0].equals(FORMAT)
                || !MILLIS.matcher(parts[5]).matches()) {
            throw new SessionStoreException("A session record has a refresh state that this release cannot read");
        }
        return new RefreshState(parts[1], parts[2], parts[3], parts[4], Instant.ofEpochMilli(Long.parseLong(parts[5])));
    }

    String encoded() {
        return String.join(".", FORMAT, family, current, previous, nonce, Long.toString(rotatedAt.toEpochMilli()));
    }

    /** Returns the state after a replacement. All its hashes are from the given one, whatever made the state before. */
    static RefreshState rotated(
            RefreshToken former, RefreshToken successor, RefreshHash hash, String nonce, Instant now) {
        return new RefreshState(
                hash.family(successor), hash.current(successor), hash.previous(former, nonce, now), nonce, now);
    }

    boolean wasGivenOut(RefreshToken token, RefreshHash hash) {
        return equal(family, hash.family(token));
    }

    boolean isCurrent(RefreshToken token, RefreshHash hash) {
        return equal(current, hash.current(token));
    }

    boolean isPrevious(RefreshToken token, RefreshHash hash) {
        return equal(previous, hash.previous(token, nonce, rotatedAt));
    }

    private static boolean equal(String stored, String presented) {
        return MessageDigest.isEqual(
                stored.getBytes(StandardCharsets.US_ASCII), presented.getBytes(StandardCharsets.US_ASCII));
    }
}
