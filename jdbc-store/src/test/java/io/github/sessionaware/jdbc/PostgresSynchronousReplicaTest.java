package io.github.sessionaware.jdbc;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.PostgresServer.PostgresDatabase;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A commit that waits for a synchronous standby that is down. If the wait is cancelled, PostgreSQL reports success and
 * warns that the standby may not have the commit: a failover would undo it.
 */
@Tag("thorough")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class PostgresSynchronousReplicaTest {
    private final FakeClock clock = new FakeClock(START);
    private PostgresServer primary;
    private PostgresDatabase database;
    private SessionAwareTokenService tokens;
    private SessionAwareTokenService impatient;
    private IssuedTokens alice;

    @BeforeEach
    void loseTheStandby() {
        primary = PostgresServer.start(PostgresServer.newFolder(), 0, Map.of());
        database = primary.newDatabase();
        JdbcSessionStore store = new JdbcSessionStore(database.driver()).withTimeout(Duration.ofSeconds(30));
        store.createTableIfMissing();
        tokens = aServiceOn(store).clock(clock).build();
        impatient = aServiceOn(store.withTimeout(Duration.ofSeconds(2)))
                .clock(clock)
                .build();
        alice = tokens.issue("alice", ClientInfo.unknown());
        tokens.issue("bob", ClientInfo.unknown());
        tokens.issue("bob", ClientInfo.unknown());

        primary.close();
        primary = PostgresServer.start(
                primary.data(), primary.port(), Map.of("synchronous_standby_names", "one_that_is_down"));
    }

    @AfterEach
    void stop() {
        primary.close();
    }

    @Test
    void aChangeThatTheStandbyHasNotConfirmedIsNotAcknowledged() {
        assertThrows(SessionStoreException.class, () -> impatient.issue("carol", ClientInfo.unknown()));
        assertThrows(
                SessionStoreException.class,
                () -> impatient.revokeSession("alice", alice.session().id()));
        assertThrows(SessionStoreException.class, () -> impatient.revokeAllSessions("bob"));
    }

    /** The second node may lock the row after the first has changed it. It has nothing to commit but the lock. */
    @Test
    void twoNodesThatRecordTheSameActivityDoNotWait() throws Exception {
        try (HikariDataSource one = database.pool(1);
                HikariDataSource other = database.pool(1)) {
            List<JdbcSessionStore> nodes = Stream.of(one, other)
                    .map(pool -> new JdbcSessionStore(pool).withTimeout(Duration.ofSeconds(30)))
                    .toList();
            for (int round = 1; round <= 1_000; round++) {
                SessionRecord seen =
                        nodes.get(0).find("alice", alice.session().id()).orElseThrow();
                Instant now = START.plusSeconds(round);

                List<Boolean> recorded = Together.call(nodes.stream()
                        .<Callable<Boolean>>map(node -> () -> node.touch(seen, now, seen.expiresAt()))
                        .toList());

                assertEquals(1, Collections.frequency(recorded, true), "in round " + round);
            }
        }
    }

    @Test
    void aRequestDoesNotWaitForTheStandbyToConfirmItsActivity() {
        clock.advance(Duration.ofMinutes(2));

        AuthenticatedSession current = tokens.validate(alice.accessToken());

        assertEquals(clock.instant(), current.session().lastActiveAt());
        assertEquals(List.of(current.session()), tokens.listSessions(current));
        assertThrows(
                SessionStoreException.class,
                () -> impatient.rename(current, current.sessionId(), "phone"),
                "the next commit waits again");
    }
}
