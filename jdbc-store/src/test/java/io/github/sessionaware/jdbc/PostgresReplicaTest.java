package io.github.sessionaware.jdbc;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.PostgresServer.PostgresDatabase;
import io.github.sessionaware.testing.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Why the store needs the primary: what a node sees if its connections lead to a standby that lags. These are no
 * promises, but the effects that {@code docs/replicas.md} warns of.
 */
@Tag("thorough")
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class PostgresReplicaTest {
    private static final String DELAY = "3s";

    private final FakeClock clock = new FakeClock(START);
    private String user;
    private PostgresServer primary;
    private PostgresServer standby;
    private PostgresDatabase standbyDatabase;
    private HikariDataSource standbyPool;
    private JdbcSessionStore standbyStore;
    private SessionAwareTokenService onPrimary;
    private SessionAwareTokenService onStandby;

    @BeforeAll
    void startBoth() throws IOException {
        primary = PostgresServer.start(PostgresServer.newFolder(), 0, Map.of());
        PostgresDatabase database = primary.newDatabase();
        JdbcSessionStore store = new JdbcSessionStore(database.driver());
        store.createTableIfMissing();
        standby = startStandby();
        standbyDatabase = database.through(standby.port());
        standbyPool = standbyDatabase.pool(1);
        standbyStore = new JdbcSessionStore(standbyPool);
        onPrimary = aServiceOn(store).clock(clock).build();
        onStandby = aServiceOn(standbyStore).clock(clock).build();
    }

    @BeforeEach
    void chooseUser() {
        user = "user-" + UUID.randomUUID();
    }

    @AfterEach
    void replayGoesOn() {
        standbyDatabase.execute("select pg_wal_replay_resume()");
    }

    @AfterAll
    void stopBoth() {
        standbyPool.close();
        standby.close();
        primary.close();
    }

    @Test
    void aRevokedSessionIsAcceptedOnTheStandbyUntilTheRevocationArrives() {
        IssuedTokens issued = onPrimary.issue(user, ClientInfo.unknown());
        awaitAcceptedOnStandby(issued);

        pauseReplay();
        assertTrue(onPrimary.revokeSession(user, issued.session().id()));

        assertEnded(onPrimary, issued);
        AuthenticatedSession accepted = onStandby.validate(issued.accessToken());
        assertEquals(List.of(issued.session()), onStandby.listSessions(accepted));

        replayGoesOn();
        awaitEndedOnStandby(issued);
    }

    @Test
    void aFreshLoginIsRefusedOnTheStandbyUntilItArrives() {
        pauseReplay();
        IssuedTokens issued = onPrimary.issue(user, ClientInfo.unknown());

        assertEquals(user, onPrimary.validate(issued.accessToken()).userId());
        assertEnded(onStandby, issued);

        replayGoesOn();
        awaitAcceptedOnStandby(issued);
    }

    @Test
    void aRevokeOnTheStandbyFindsNothingUntilTheLoginArrives() {
        pauseReplay();
        IssuedTokens issued = onPrimary.issue(user, ClientInfo.unknown());

        assertFalse(onStandby.revokeSession(user, issued.session().id()));
        assertEquals(0, onStandby.revokeAllSessions(user));
        assertEquals(user, onPrimary.validate(issued.accessToken()).userId());

        replayGoesOn();
        awaitAcceptedOnStandby(issued);
        assertReadOnly(() -> onStandby.revokeSession(user, issued.session().id()));
        assertReadOnly(() -> onStandby.revokeAllSessions(user));
        assertReadOnly(() -> onStandby.issue(user, ClientInfo.unknown()));
    }

    @Test
    void activityIsNotRecordedOnTheStandbyAndTheRequestGoesOn() {
        IssuedTokens issued = onPrimary.issue(user, ClientInfo.unknown());
        awaitAcceptedOnStandby(issued);
        SessionRecord seen = standbyStore.find(user, issued.session().id()).orElseThrow();

        clock.advance(Duration.ofMinutes(1));

        AuthenticatedSession accepted = onStandby.validate(issued.accessToken());
        assertEquals(issued.session(), accepted.session());
        assertReadOnly(() -> standbyStore.touch(seen, clock.instant(), seen.expiresAt()));
        assertEquals(List.of(issued.session()), onPrimary.listSessions(accepted));
        assertEquals(
                clock.instant(),
                onPrimary.validate(issued.accessToken()).session().lastActiveAt());
    }

    private static void assertEnded(SessionAwareTokenService node, IssuedTokens issued) {
        assertEquals(
                Reason.SESSION_ENDED,
                assertThrows(InvalidTokenException.class, () -> node.validate(issued.accessToken()))
                        .reason());
    }

    private static void assertReadOnly(Runnable write) {
        SessionStoreException failure = assertThrows(SessionStoreException.class, write::run);
        assertEquals("25006", ((SQLException) failure.getCause()).getSQLState());
    }

    private void awaitAcceptedOnStandby(IssuedTokens issued) {
        while (!isAcceptedOnStandby(issued)) {
            Thread.onSpinWait();
        }
    }

    private void awaitEndedOnStandby(IssuedTokens issued) {
        while (isAcceptedOnStandby(issued)) {
            Thread.onSpinWait();
        }
    }

    private boolean isAcceptedOnStandby(IssuedTokens issued) {
        try {
            onStandby.validate(issued.accessToken());
            return true;
        } catch (InvalidTokenException e) {
            assertEquals(Reason.SESSION_ENDED, e.reason());
            return false;
        }
    }

    /** Stops the standby. The delay alone might be over before a slow test looks. */
    private void pauseReplay() {
        Jdbi.create(standbyDatabase.driver()).useHandle(handle -> {
            handle.execute("select pg_wal_replay_pause()");
            while (!handle.createQuery("select pg_get_wal_replay_pause_state()")
                    .mapTo(String.class)
                    .one()
                    .equals("paused")) {
                Thread.onSpinWait();
            }
        });
    }

    /** Starts a standby from a copy of the stopped primary. */
    private PostgresServer startStandby() throws IOException {
        Path data = PostgresServer.newFolder();
        primary.close();
        copy(primary.data(), data);
        primary = primary.startAgain();
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"), """
                hot_standby = on
                primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'
                recovery_min_apply_delay = '%s'
                """.formatted(primary.port(), DELAY), StandardOpenOption.APPEND);
        return PostgresServer.start(data, 0, Map.of());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.filter(file -> !file.equals(from)).forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
