package io.github.sessionaware.jdbc;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Notifications;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A user with very many sessions can end them all and log in, and delays nobody else. */
@Tag("thorough")
abstract class ManySessions extends StoreFixture {
    private static final String USER = "alice";

    /** Shares alice's row in the lock table. */
    private static final String NEIGHBOUR = IntStream.range(0, 10_000)
            .mapToObj(i -> "neighbour-" + i)
            .filter(user -> Math.floorMod(user.hashCode(), SessionTable.LOCKS)
                    == Math.floorMod(USER.hashCode(), SessionTable.LOCKS))
            .findFirst()
            .orElseThrow();

    private final Notifications notifications = new Notifications();
    /** A busy machine may need longer than the default timeout for so many sessions. */
    private final SessionAwareTokenService service = aServiceOn(store.withTimeout(Duration.ofMinutes(1)))
            .clock(new FakeClock(START))
            .listener(notifications)
            .build();

    private final int sessions;

    ManySessions(TestDatabase database, int sessions) {
        super(database);
        this.sessions = sessions;
    }

    @BeforeEach
    void fill() {
        store.createTableIfMissing();
        database.fill(sessions);
        long before = START.minusSeconds(7200).toEpochMilli();
        database.execute("update jwt_sessions set user_id = '" + USER + "', created_at = " + before
                + ", last_active_at = " + before + ", authenticated_at = " + before + ", expires_at = "
                + START.plusSeconds(7200).toEpochMilli());
    }

    @Test
    void aRevokeOfAllEndsThem() {
        long begin = System.nanoTime();
        assertEquals(sessions, service.revokeAllSessions(USER));
        print("revokeAllSessions", begin);

        assertEquals(sessions, notifications.ended().size());
        assertEquals(0, database.count("jwt_sessions"));
    }

    @Test
    void aRevokeOfThoseBeforeATimeEndsThem() {
        long begin = System.nanoTime();
        assertEquals(sessions, service.revokeSessionsCreatedBefore(USER, START, EndCause.PASSWORD_CHANGED));
        print("revokeSessionsCreatedBefore", begin);

        assertEquals(sessions, notifications.ended(EndCause.PASSWORD_CHANGED).size());
        assertEquals(0, database.count("jwt_sessions"));
    }

    @Test
    void aLoginUnderALimitThatIsNewSucceedsAndLeavesTheLimit() throws Exception {
        service.issue(NEIGHBOUR, ClientInfo.unknown());
        long begin = System.nanoTime();
        CompletableFuture<IssuedTokens> login =
                CompletableFuture.supplyAsync(() -> service.issue(USER, ClientInfo.unknown()));
        long longest = 0;
        int neighbours = 0;
        while (!login.isDone()) {
            long start = System.nanoTime();
            service.issue(NEIGHBOUR, ClientInfo.unknown());
            longest = Math.max(longest, System.nanoTime() - start);
            neighbours++;
        }
        service.validate(login.get(1, TimeUnit.MINUTES).accessToken());
        print("login under a new limit", begin);
        System.out.printf(
                "meanwhile %,d logins of another user with the same lock, the longest %,d ms%n",
                neighbours, Duration.ofNanos(longest).toMillis());

        assertEquals(100, service.listSessions(USER).size());
        assertEquals(100, store.list(USER).size());
        assertTrue(notifications.ended(EndCause.SESSION_LIMIT).size() > sessions - 100);
    }

    private void print(String call, long begin) {
        System.out.printf(
                "%s of %,d sessions on %s: %,d ms%n",
                call,
                sessions,
                getClass().getSimpleName(),
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }
}
