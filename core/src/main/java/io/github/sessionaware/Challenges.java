package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the challenges that devices sign, and recognizes them, without a store: a challenge is a time, and a keyed hash
 * of that time, the session and the purpose. So a challenge of another session, of another service or for the other
 * endpoint is not recognized.
 *
 * @param hashes one or more; the first makes the challenges, and each of them recognizes its own
 */
record Challenges(List<RefreshHash> hashes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})~([A-Za-z0-9_-]{43})");

    /** What a challenge is for. */
    enum Purpose {
        REGISTRATION,
        CROSS_SITE_REGISTRATION,
        RENEWAL
    }

    String make(Purpose purpose, String userId, String sessionId, Instant time) {
        long millis = time.toEpochMilli();
        return millis + "~" + hashes.get(0).challenge(purpose.name(), sessionId, millis, userId);
    }

    /**
     * Returns when a challenge was made; empty if it is not of that purpose and session, or too old. A node whose clock
     * is ahead makes challenges that lie in the future, so those are accepted for as long as old ones.
     */
    Optional<Instant> timeOf(
            String challenge, Purpose purpose, String userId, String sessionId, Duration lifetime, Instant now) {
        Matcher parts = FORM.matcher(challenge);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long millis = Long.parseLong(parts.group(1));
        Instant time = Instant.ofEpochMilli(millis);
        boolean isInTime = Duration.between(time, now).abs().compareTo(lifetime) < 0;
        boolean hasOneSpelling = challenge.startsWith(millis + "~");
        return isInTime && hasOneSpelling && isOurs(purpose, userId, sessionId, millis, parts.group(2))
                ? Optional.of(time)
                : Optional.empty();
    }

    private boolean isOurs(Purpose purpose, String userId, String sessionId, long millis, String presented) {
        byte[] hash = presented.getBytes(StandardCharsets.US_ASCII);
        return hashes.stream()
                .map(each -> each.challenge(purpose.name(), sessionId, millis, userId))
                .anyMatch(ours -> MessageDigest.isEqual(ours.getBytes(StandardCharsets.US_ASCII), hash));
    }
}
