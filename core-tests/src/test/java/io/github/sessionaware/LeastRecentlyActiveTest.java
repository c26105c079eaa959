package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.SessionLimit.AtLimit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which a limit ends the least recently active sessions. The activity interval is a minute. */
class LeastRecentlyActiveTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final long MINUTE = INTERVAL.toMillis();

    @Test
    void lessThanAnIntervalApartTheNewerLoginEnds() {
        assertEquals(List.of("newer"), ended(1, session("older", -9, 0), session("newer", -1, MINUTE - 1)));
    }

    @Test
    void anIntervalApartTheEarlierActivityEnds() {
        assertEquals(List.of("older"), ended(1, session("older", -9, 0), session("newer", -1, MINUTE)));
        assertEquals(List.of("older"), ended(1, session("older", -9, 0), session("newer", -1, MINUTE + 1)));
    }

    @Test
    void aGroupReachesOneIntervalFromItsFirstActivityHoweverDenseTheOthersAre() {
        SessionRecord first = session("first", -3, 0);
        SessionRecord second = session("second", -2, MINUTE - 1);
        SessionRecord third = session("third", -1, MINUTE);

        assertEquals(List.of("second", "first", "third"), ended(3, third, second, first));
    }

    @Test
    void theNextGroupBeginsWithItsOwnFirstActivity() {
        SessionRecord a = session("a", -4, 0);
        SessionRecord b = session("b", -9, MINUTE);
        SessionRecord c = session("c", -1, 2 * MINUTE - 1);
        SessionRecord d = session("d", 0, 2 * MINUTE);

        assertEquals(List.of("a", "c", "b", "d"), ended(4, d, c, b, a));
    }

    @Test
    void theSmallerIdEndsAmongLoginsOfOneMillisecond() {
        assertEquals(List.of("a", "b"), ended(2, session("b", 0, 5), session("a", 0, 9)));
    }

    private static List<String> ended(int surplus, SessionRecord... live) {
        return new SessionLimit(live.length + 1 - surplus, AtLimit.END_LEAST_RECENTLY_ACTIVE)
                .makeRoom(List.of(live), INTERVAL).orElseThrow().stream()
                        .map(session -> session.id().replace("-", ""))
                        .toList();
    }

    private static SessionRecord session(String name, long createdAtMillis, long lastActiveAtMillis) {
        return SessionRecord.builder("alice", name + "-".repeat(22))
                .createdAt(START.plusMillis(createdAtMillis))
                .lastActiveAt(START.plusMillis(lastActiveAtMillis))
                .expiresAt(START.plusSeconds(600))
                .build();
    }
}
