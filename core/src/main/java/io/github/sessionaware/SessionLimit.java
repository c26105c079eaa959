package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Limits how many live sessions of one category a user may have, and decides what a login beyond that does. Immutable.
 *
 * @param max the maximum number of live sessions, 1 or more; {@link Integer#MAX_VALUE} for no limit
 * @param atLimit what a login does that would exceed the limit
 */
public record SessionLimit(int max, AtLimit atLimit) {

    /**
     * What a login does that would exceed the limit. Later releases may add values, so give a {@code switch} a default.
     */
    public enum AtLimit {
        /** Refuses the login with {@link SessionLimitExceededException}; the existing sessions stay. */
        REFUSE_LOGIN,
        /** Ends the sessions whose login is longest ago. */
        END_OLDEST,
        /**
         * Ends the sessions whose last recorded activity is longest ago. Activity is recorded once per activity
         * interval, so the session with the oldest activity and those that follow it by less than one interval count as
         * equally active, and the newest login among them ends first.
         */
        END_LEAST_RECENTLY_ACTIVE
    }

    private static final Comparator<SessionRecord> OLDEST_FIRST =
            Comparator.comparing(SessionRecord::createdAt).thenComparing(SessionRecord::id);

    private static final Comparator<SessionRecord> NEWEST_FIRST =
            Comparator.comparing(SessionRecord::createdAt).reversed().thenComparing(SessionRecord::id);

    private static final SessionLimit UNLIMITED = new SessionLimit(Integer.MAX_VALUE, AtLimit.END_OLDEST);

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

    /**
     * Returns the limit that limits nothing. A login then counts no sessions, which is one insert in a database.
     *
     * @return the same object each time
     */
    public static SessionLimit unlimited() {
        return UNLIMITED;
    }

    boolean isUnlimited() {
        return max == Integer.MAX_VALUE;
    }

    /**
     * Returns the live sessions that must end so that one more fits, the first to end first; empty if the login must be
     * refused.
     */
    Optional<List<SessionRecord>> makeRoom(List<SessionRecord> live, Duration activityInterval) {
        int surplus = live.size() + 1 - max;
        if (surplus <= 0) {
            return Optional.of(List.of());
        }
        return switch (atLimit) {
            case REFUSE_LOGIN -> Optional.empty();
            case END_OLDEST ->
                Optional.of(live.stream().sorted(OLDEST_FIRST).limit(surplus).toList());
            case END_LEAST_RECENTLY_ACTIVE ->
                Optional.of(leastRecentlyActiveFirst(live, activityInterval).subList(0, surplus));
        };
    }

    /** In a group whose order of activity nobody knows, the older login is more likely to be the one in use. */
    private static List<SessionRecord> leastRecentlyActiveFirst(List<SessionRecord> live, Duration activityInterval) {
        List<SessionRecord> byActivity = live.stream()
                .sorted(Comparator.comparing(SessionRecord::lastActiveAt))
                .toList();
        List<SessionRecord> ordered = new ArrayList<>(live.size());
        while (ordered.size() < live.size()) {
            List<SessionRecord> rest = byActivity.subList(ordered.size(), live.size());
            Instant nextGroup = rest.get(0).lastActiveAt().plus(activityInterval);
            rest.stream()
                    .takeWhile(session -> session.lastActiveAt().isBefore(nextGroup))
                    .sorted(NEWEST_FIRST)
                    .forEach(ordered::add);
        }
        return ordered;
    }
}
