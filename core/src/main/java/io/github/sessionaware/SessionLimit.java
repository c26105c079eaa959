package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How many live sessions a user may have, and what a login beyond that does. Immutable.
 *
 * @param sessions the most live sessions, 1 or more
 * @param atLimit what a login does that finds so many
 */
public record SessionLimit(int sessions, AtLimit atLimit) {

    /** What a login does that would be one too many. */
    public enum AtLimit {
        /** The login is refused with {@link SessionLimitExceededException}; the sessions go on. */
        REFUSE_LOGIN,
        /** The sessions whose login is longest ago end. */
        END_OLDEST,
        /** The sessions whose last recorded activity is longest ago end. */
        END_LEAST_RECENTLY_ACTIVE
    }

    private static final Comparator<Session> OLDEST_FIRST =
            Comparator.comparing(Session::createdAt).thenComparing(Session::id);

    private static final Comparator<Session> LEAST_RECENTLY_ACTIVE_FIRST =
            Comparator.comparing(Session::lastActiveAt).thenComparing(OLDEST_FIRST);

    /**
     * Checks both.
     *
     * @param sessions 1 or more
     * @param atLimit what happens at the limit
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public SessionLimit {
        if (sessions < 1) {
            throw new IllegalArgumentException("sessions must be at least 1, was " + sessions);
        }
        requireNonNull(atLimit, "atLimit");
    }

    /** Which of a user's live sessions end so that one more fits; empty if the login is to be refused. */
    Optional<List<Session>> makeRoom(List<Session> live) {
        int surplus = live.size() + 1 - sessions;
        if (surplus <= 0) {
            return Optional.of(List.of());
        }
        return switch (atLimit) {
            case REFUSE_LOGIN -> Optional.empty();
            case END_OLDEST -> Optional.of(first(surplus, live, OLDEST_FIRST));
            case END_LEAST_RECENTLY_ACTIVE -> Optional.of(first(surplus, live, LEAST_RECENTLY_ACTIVE_FIRST));
        };
    }

    private static List<Session> first(int count, List<Session> live, Comparator<Session> order) {
        return live.stream().sorted(order).limit(count).toList();
    }
}
