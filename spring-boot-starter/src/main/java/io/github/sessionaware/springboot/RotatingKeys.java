package io.github.sessionaware.springboot;

import io.github.sessionaware.KeyRing;
import io.github.sessionaware.VerificationKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The keys of the properties. When the current key is replaced, this follows the three steps of {@link KeyRing}. The
 * new key only verifies at first, so that other nodes have time to read it too, unless it was among the keys that
 * verify. Then it signs. The former key verifies until its last token has expired.
 *
 * <p>No thread is needed for the steps: the first call after the time of a step takes it.
 */
final class RotatingKeys implements SessionKeys {
    private final Duration publishTime;
    private final Duration tokensLive;
    private final InstantSource clock;
    private volatile State state;

    /**
     * Starts with keys that sign and verify at once.
     *
     * @param publishTime for how long a new key only verifies
     * @param tokensLive for how long after its last signature a former key verifies
     */
    RotatingKeys(
            LoadedKey current, List<LoadedKey> others, Duration publishTime, Duration tokensLive, InstantSource clock) {
        this.publishTime = publishTime;
        this.tokensLive = tokensLive;
        this.clock = clock;
        this.state = new State(current, current, Instant.MIN, others, List.of());
    }

    @Override
    public KeyRing get() {
        State seen = state;
        return clock.instant().isBefore(seen.nextStep())
                ? seen.ring()
                : afterSteps().ring();
    }

    /**
     * Takes over the keys as they are in their sources now.
     *
     * @return whether anything changed
     * @throws IllegalArgumentException if the keys do not fit together; nothing changes then
     */
    synchronized boolean replace(LoadedKey current, List<LoadedKey> others) {
        State before = afterSteps();
        Instant now = clock.instant();
        if (current.isSame(before.next()) && isSame(others, before.others())) {
            return false;
        }
        List<Former> former = new ArrayList<>(before.former());
        Instant signsFrom = before.signsFrom();
        if (!current.isSame(before.next())) {
            boolean isPublished = before.others().stream().anyMatch(current::isSame);
            signsFrom = isPublished ? now : now.plus(publishTime);
            if (!before.next().isSame(before.signing())) {
                // Another node may have signed with the key that this node has only published.
                former.add(new Former(before.next(), signsFrom.plus(tokensLive)));
            }
        }
        LoadedKey signing = current.isSame(before.signing()) ? current : before.signing();
        state = new State(signing, current, signsFrom, others, former);
        return true;
    }

    private synchronized State afterSteps() {
        State before = state;
        Instant now = clock.instant();
        if (now.isBefore(before.nextStep())) {
            return before;
        }
        List<Former> former = new ArrayList<>(before.former());
        LoadedKey signing = before.signing();
        if (!now.isBefore(before.signsFrom()) && !before.next().isSame(signing)) {
            former.add(new Former(signing, now.plus(tokensLive)));
            signing = before.next();
        }
        former.removeIf(key -> !now.isBefore(key.until()));
        state = new State(signing, before.next(), before.signsFrom(), before.others(), former);
        return state;
    }

    private static boolean isSame(List<LoadedKey> keys, List<LoadedKey> others) {
        if (keys.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!keys.get(i).isSame(others.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A key that no longer signs, and until when it verifies. */
    private record Former(LoadedKey key, Instant until) {}

    /**
     * The keys until the next step.
     *
     * @param signing the key that signs
     * @param next the key that signs after the next step; the same as {@code signing} if there is none
     * @param signsFrom when {@code next} begins to sign
     * @param others the other keys of the properties
     * @param former keys that were in the sources before
     */
    private record State(
            LoadedKey signing,
            LoadedKey next,
            Instant signsFrom,
            List<LoadedKey> others,
            List<Former> former,
            KeyRing ring,
            Instant nextStep) {

        State(LoadedKey signing, LoadedKey next, Instant signsFrom, List<LoadedKey> others, List<Former> former) {
            this(
                    signing,
                    next,
                    signsFrom,
                    others,
                    List.copyOf(former),
                    ring(signing, next, others, former),
                    nextStep(signing, next, signsFrom, former));
        }

        private static KeyRing ring(LoadedKey signing, LoadedKey next, List<LoadedKey> others, List<Former> former) {
            List<LoadedKey> keys = new ArrayList<>(List.of(signing));
            Stream.of(Stream.of(next), others.stream(), former.stream().map(Former::key))
                    .flatMap(each -> each)
                    .forEach(key -> {
                        if (keys.stream().noneMatch(key::isSame)) {
                            keys.add(key);
                        }
                    });
            return KeyRing.of(
                    Objects.requireNonNull(signing.signing()),
                    keys.stream().skip(1).map(LoadedKey::verification).toArray(VerificationKey[]::new));
        }

        private static Instant nextStep(LoadedKey signing, LoadedKey next, Instant signsFrom, List<Former> former) {
            Instant first =
                    former.stream().map(Former::until).min(Instant::compareTo).orElse(Instant.MAX);
            return !next.isSame(signing) && signsFrom.isBefore(first) ? signsFrom : first;
        }
    }
}
