package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the record of a bound session keeps in the place of its refresh state. No refresh token fits it, so those from
 * before the binding are dead.
 *
 * <p>A keyed hash covers it together with the device's key. So write access to the table is not enough to bind a
 * session to another key.
 *
 * @param lastChallenge when the challenge was made that was signed last; each later proof needs a later one
 * @param family the hash by which refresh tokens from before the binding are recognized; empty if there was none
 */
record BindingState(Instant lastChallenge, String family) {
    private static final Pattern FORM = Pattern.compile("b1\\.([0-9]{1,15})\\.([A-Za-z0-9_-]*)\\.([A-Za-z0-9_-]{43})");

    /** Returns the state of a session that is being bound. */
    static BindingState first(SessionRecord unbound) {
        return new BindingState(
                Instant.EPOCH,
                RefreshState.of(unbound).map(RefreshState::family).orElse(""));
    }

    /** Returns empty if no service with one of these secrets has written the state and the key of the device. */
    static Optional<BindingState> of(SessionRecord bound, List<RefreshHash> hashes) {
        String state = bound.refreshState();
        Matcher parts = FORM.matcher(state == null ? "" : state);
        if (!parts.matches()) {
            return Optional.empty();
        }
        BindingState found = new BindingState(Instant.ofEpochMilli(Long.parseLong(parts.group(1))), parts.group(2));
        return hashes.stream().anyMatch(hash -> equal(parts.group(3), found.seal(bound, hash)))
                ? Optional.of(found)
                : Optional.empty();
    }

    BindingState after(Instant challenge) {
        return new BindingState(challenge, family);
    }

    /** Returns a time for the next challenge. A node whose clock is behind must not make one that counts as used. */
    Instant nextChallenge(Instant now) {
        Instant later = lastChallenge.plusMillis(1);
        return now.isBefore(later) ? later : now;
    }

    boolean isUsed(Instant challenge) {
        return !challenge.isAfter(lastChallenge);
    }

    /** Returns whether the session had the refresh token before it was bound. */
    boolean hadRefreshToken(RefreshToken token, RefreshHash hash) {
        return equal(family, hash.family(token));
    }

    /** Returns the record with this state. It has the key of the device already. */
    SessionRecord sealed(SessionRecord bound, RefreshHash hash) {
        String state = "b1." + lastChallenge.toEpochMilli() + "." + family + "." + seal(bound, hash);
        return bound.toBuilder().refreshState(state).build();
    }

    private String seal(SessionRecord bound, RefreshHash hash) {
        return hash.binding(bound.id(), lastChallenge.toEpochMilli(), family, "" + bound.deviceKey(), bound.userId());
    }

    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
