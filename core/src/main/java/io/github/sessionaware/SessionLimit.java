package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Limits how many live sessions a user may have, and decides what a login beyond that does. Immutable.
 *
 * @param max the maximum number of live sessions, 1 or more
 * @param atLimit what a login does that would exceed the limit
 */
public record SessionLimit(int max, AtLimit atLimit) {

    /** What a login does that would exceed the limit. */
    public enum AtLimit {
        /** Refuses the login with {@link SessionLimitExceededException}; the existing sessions stay. */
        REFUSE_LOGIN,
        /** Ends the sessions whose login is longest ago. */
        END_OLDEST,
        /** Ends the sessions whose last recorded activity is longest ago. */
        END_LEAST_RECENTLY_ACTIVE
    }

    private static final Comparator<SessionRecord> OLDEST_FIRST =
            Comparator.comparing(SessionRecord::createdAt).thenComparing(SessionRecord::id);

    private static final Comparator<SessionRecord> LEAST_RECENTLY_ACTIVE_FIRST =
            Comparator.comparing(SessionRecord::lastActiveAt).thenComparing(OLDEST_FIRST);

    /**
     * Checks the arguments.
     *
     * @param max 1 or more
     * @param atLimit what happens at the limit
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    public SessionLimit {
        if (max < 1) {
            throw new IllegalArgumentException("max must be at least 1, was " + max);
        }
        requireNonNull(atLimit, "atLimit");
    }

    /** Returns the live sessions that must end so that one more fits; empty if the login must be refused. */
    Optional<List<SessionRecord>> makeRoom(List<SessionRecord> live) {
        int surplus = live.size() + 1 - max;
        if (surplus <= 0) {
            return Optional.of(List.of());
        }
        return switch (atLimit) {
            case REFUSE_LOGIN -> Optional.empty();
            case END_OLDEST -> Optional.of(first(surplus, live, OLDEST_FIRST));
            case END_LEAST_RECENTLY_ACTIVE -> Optional.of(first(surplus, live, LEAST_RECENTLY_ACTIVE_FIRST));
        };
    }

    private static List<SessionRecord> first(int count, List<SessionRecord> live, Comparator<SessionRecord> order) {
        return live.stream().sorted(order).limit(count).toList();
    }
}
