package io.github.sessionaware.jdbc;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.jdbc.PostgresServer.PostgresDatabase;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Ledger;
import io.github.sessionaware.testing.Ledger.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * What was acknowledged survives a crash of PostgreSQL. The system property {@code crash.cycles} sets the number of
 * crashes; 25 take some minutes. The tests kill the server's processes and not the machine, so they show what the store
 * and the server's log do, and nothing about disks.
 */
@Tag("thorough")
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class PostgresCrashTest {
    private static final int CYCLES = Integer.getInteger("crash.cycles", 2);

    @Test
    void noAcknowledgedLoginIsLostAndNoAcknowledgedRevokeIsUndone() throws Exception {
        try (CrashingServer server = new CrashingServer(Map.of("synchronous_commit", "on", "fsync", "on"))) {
            List<Ledger> ledgers = new ArrayList<>();
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                Ledger ledger = server.crashAfter(300 + 37 * cycle);
                ledgers.add(ledger);

                Findings findings = ledger.check(server.node());
                assertHolds(findings);
                assertTrue(findings.unknown() > 0, "the server must die while a call waits for it");
            }

            Findings total = ledgers.stream()
                    .map(ledger -> ledger.check(server.node()))
                    .reduce(Findings::plus)
                    .orElseThrow();
            System.out.println(CYCLES + " crashes: " + total);
            assertHolds(total);
        }
    }

    @Test
    void aServerThatAcknowledgesBeforeItWritesIsCaught() throws Exception {
        Map<String, String> tooEarly = Map.of("synchronous_commit", "off", "wal_writer_delay", "10s");
        try (CrashingServer server = new CrashingServer(tooEarly)) {
            Findings findings;
            int crashes = 0;
            do {
                findings = server.crashAfter(300).check(server.node());
                System.out.println("a crash with synchronous_commit=off: " + findings);
                // The server may write its log by itself just before a crash.
            } while (++crashes < 5 && (findings.lost() == 0 || findings.undone() == 0));
            assertTrue(findings.lost() > 0, "lost logins");
            assertTrue(findings.undone() > 0, "undone revocations");
        }
    }

    /** Only the revoke makes the server write its log. By itself it would wait ten seconds. */
    @Test
    void aCrashLosesOnlyTheLastActivity() {
        FakeClock clock = new FakeClock(START);
        PostgresServer server =
                PostgresServer.start(PostgresServer.newFolder(), 0, Map.of("fsync", "on", "wal_writer_delay", "10s"));
        PostgresDatabase database = server.newDatabase();
        try (HikariDataSource pool = database.pool(1)) {
            JdbcSessionStore store = new JdbcSessionStore(pool);
            store.createTableIfMissing();
            SessionAwareTokenService tokens = aServiceOn(store).clock(clock).build();
            IssuedTokens revoked = tokens.issue("revoked", ClientInfo.unknown());
            IssuedTokens early = tokens.issue("early", ClientInfo.unknown());
            IssuedTokens late = tokens.issue("late", ClientInfo.unknown());
            clock.advance(Duration.ofMinutes(2));
            tokens.validate(revoked.accessToken());
            tokens.validate(early.accessToken());
            Instant beforeTheRevoke = clock.instant();
            tokens.revokeSession("revoked", revoked.session().id());
            Set<Instant> lateActivity = new HashSet<>(Set.of(START));
            boolean isAheadOfTheDisk = false;
            // The server may write its log by itself at this moment once, but not twice.
            for (int i = 0; i < 2 && !isAheadOfTheDisk; i++) {
                clock.advance(Duration.ofMinutes(2));
                tokens.validate(late.accessToken());
                lateActivity.add(clock.instant());
                isAheadOfTheDisk = isAheadOfTheDisk(pool);
            }
            assertTrue(isAheadOfTheDisk, "each touch waited for the disk");

            server.kill();
            server = server.startAgain();

            SessionAwareTokenService after = aServiceOn(new JdbcSessionStore(database.driver()))
                    .clock(clock)
                    .build();
            assertThrows(InvalidTokenException.class, () -> after.validate(revoked.accessToken()));
            assertEquals(beforeTheRevoke, lastActiveAt(after, "early"));
            assertTrue(lateActivity.contains(lastActiveAt(after, "late")));
            after.validate(late.accessToken());
            assertEquals(clock.instant(), lastActiveAt(after, "late"));
        } finally {
            server.close();
        }
    }

    private static boolean isAheadOfTheDisk(DataSource dataSource) {
        return Jdbi.create(dataSource)
                .withHandle(
                        handle -> handle.createQuery("select pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn()")
                                .mapTo(Boolean.class)
                                .one());
    }

    private static Instant lastActiveAt(SessionAwareTokenService tokens, String userId) {
        return tokens.listSessions(userId).get(0).lastActiveAt();
    }

    private static void assertHolds(Findings findings) {
        assertEquals(List.of(), findings.wrong());
        assertEquals(0, findings.lost(), "lost logins");
        assertEquals(0, findings.undone(), "undone revocations");
        assertEquals(0, findings.halfThere(), "sessions about which list and validate disagree");
    }
}
