package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** One node of an application: a pool, a service on it, and a user who is logged in on a phone and a laptop. */
final class Node implements AutoCloseable {
    static final int POOL_SIZE = 4;
    static final String USER = "user-that-must-not-be-shown";

    private static final Duration POOL_WAIT = Duration.ofSeconds(1);
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** What the documentation says, and slack for a machine that is busy. */
    static final Duration BOUND = POOL_WAIT.plus(TIMEOUT).plusSeconds(3);

    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final FakeClock clock = new FakeClock(TestService.START);
    private final HikariDataSource pool;
    private final JdbcSessionStore store;
    private final SessionAwareTokenService service;
    private final IssuedTokens phone;
    private final IssuedTokens laptop;
    private final String expiredToken;
    private final String forgedToken;
    private final List<Connection> held = new ArrayList<>();

    private Node(DataSource driver, boolean autoCommit) {
        pool = pool(driver, autoCommit);
        store = new JdbcSessionStore(pool).withTimeout(TIMEOUT).withBatchedReads(64);
        store.createTableIfMissing();
        service = TestService.aServiceOn(store).clock(clock).build();
        expiredToken = service.issue("an-early-user", ClientInfo.unknown()).accessToken();
        clock.advance(Duration.ofDays(1));
        phone = service.issue(USER, ClientInfo.unknown());
        laptop = service.issue(USER, ClientInfo.unknown());
        forgedToken = TestService.aServiceOn(new ReferenceStore())
                .signingKey(SigningKey.hmac256("a key of somebody else, 32 bytes".getBytes(StandardCharsets.UTF_8)))
                .clock(clock)
                .build()
                .issue(USER, ClientInfo.unknown())
                .accessToken();
    }

    static Node on(DataSource driver) {
        return new Node(driver, true);
    }

    static Node withoutAutoCommitOn(DataSource driver) {
        return new Node(driver, false);
    }

    private static HikariDataSource pool(DataSource driver, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(POOL_WAIT.toMillis());
        config.setValidationTimeout(POOL_WAIT.toMillis() / 2);
        config.setAutoCommit(autoCommit);
        return new HikariDataSource(config);
    }

    JdbcSessionStore store() {
        return store;
    }

    SessionAwareTokenService service() {
        return service;
    }

    IssuedTokens phone() {
        return phone;
    }

    IssuedTokens laptop() {
        return laptop;
    }

    /** From now on each validate has activity to record. */
    void letActivityIntervalPass() {
        clock.advance(Duration.ofMinutes(2));
    }

    /** Every connection that is in nobody's hands is closed, so that the next call needs a new one. */
    void forgetConnections() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    /** As calls do that do not end. */
    void holdEveryConnection() throws SQLException {
        while (held.size() < POOL_SIZE) {
            held.add(pool.getConnection());
        }
    }

    void releaseConnections() throws SQLException {
        for (Connection connection : held) {
            connection.close();
        }
        held.clear();
    }

    List<Call> everyCall() {
        return List.of(
                new Call("validate", this::validatePhone), list(), issue(), revoke(), revokeOthers(), revokeAll());
    }

    /** Those that need a write to have done their work. */
    List<Call> everyWrite() {
        return List.of(issue(), revoke(), revokeOthers(), revokeAll());
    }

    private Call list() {
        return new Call("listSessions", () -> service.listSessions(USER));
    }

    /** For another user: a login that fails may yet be stored, and is not to be among the sessions of this one. */
    private Call issue() {
        return new Call("issue", () -> service.issue("a-late-user", ClientInfo.unknown()));
    }

    private Call revoke() {
        return new Call(
                "revokeSession",
                () -> service.revokeSession(USER, phone.session().id()));
    }

    private Call revokeOthers() {
        return new Call(
                "revokeOtherSessions",
                () -> service.revokeOtherSessions(USER, phone.session().id()));
    }

    private Call revokeAll() {
        return new Call("revokeAllSessions", () -> service.revokeAllSessions(USER));
    }

    /** Neither valid nor invalid, in time, without a value, and the connection is given back. */
    void assertEveryCallFailsInTime() {
        everyCall().forEach(this::assertFailsInTime);
        assertFailsInTime(new Call("purgeExpiredSessions", service::purgeExpiredSessions));
    }

    void assertFailsInTime(Call call) {
        SessionStoreException failure =
                inTime(call.name(), () -> assertThrows(SessionStoreException.class, call.executable(), call.name()));
        assertShowsNoValues(failure);
        assertNoConnectionIsOut(call.name());
        assertWhatIsNotOursIsRefused();
    }

    void assertWhatIsNotOursIsRefused() {
        assertRefused(Reason.NOT_OURS, forgedToken);
        assertRefused(Reason.EXPIRED, expiredToken);
    }

    void assertRefused(Reason reason, String token) {
        InvalidTokenException refusal =
                inTime("validate", () -> assertThrows(InvalidTokenException.class, () -> service.validate(token)));
        assertEquals(reason, refusal.reason());
    }

    void assertSucceedsInTime(Call call) {
        inTime(call.name(), () -> {
            call.executable().execute();
            return true;
        });
        assertNoConnectionIsOut(call.name());
    }

    /** Success or failure, never a verdict about the token, and whoever interrupted the thread still finds it so. */
    boolean succeedsWhileInterrupted(Call call) {
        boolean success = inTime(call.name(), () -> {
            Thread.currentThread().interrupt();
            try {
                call.executable().execute();
                return true;
            } catch (SessionStoreException e) {
                assertShowsNoValues(e);
                return false;
            } finally {
                assertTrue(Thread.interrupted(), call.name() + " has cleared the thread's interrupt");
            }
        });
        assertNoConnectionIsOut(call.name());
        return success;
    }

    /** Without a restart, and with everything that was there before. */
    void assertAllIsAsBefore() {
        awaitAnAnswer();
        assertEquals(Set.of(phone.session().id(), laptop.session().id()), listedIds());
        validatePhone();
        service.validate(laptop.accessToken());

        IssuedTokens tablet = service.issue(USER, ClientInfo.unknown());
        service.validate(tablet.accessToken());
        assertTrue(service.revokeSession(USER, tablet.session().id()));
        assertRefused(Reason.SESSION_ENDED, tablet.accessToken());

        assertEquals(Set.of(phone.session().id(), laptop.session().id()), listedIds());
        assertNoConnectionIsOut("afterwards");
    }

    /**
     * Asks again as soon as it could not be answered, and ends at once if the answer is that the token is invalid.
     *
     * @return how many calls failed before
     */
    int awaitAnAnswer() {
        return assertTimeoutPreemptively(RECOVERY, () -> {
            for (int failed = 0; ; failed++) {
                try {
                    validatePhone();
                    return failed;
                } catch (SessionStoreException e) {
                    assertShowsNoValues(e);
                }
            }
        });
    }

    Session validatePhone() {
        return service.validate(phone.accessToken()).session();
    }

    Set<String> listedIds() {
        return service.listSessions(USER).stream().map(Session::id).collect(Collectors.toSet());
    }

    void assertNoConnectionIsOut(String when) {
        assertEquals(held.size(), pool.getHikariPoolMXBean().getActiveConnections(), "connections in use: " + when);
    }

    private void assertShowsNoValues(SessionStoreException failure) {
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        for (String value : List.of(USER, phone.session().id(), phone.accessToken(), "a-late-user")) {
            assertFalse(printed.toString().contains(value), printed.toString());
        }
    }

    private static <T> T inTime(String what, ThrowingSupplier<T> call) {
        return assertTimeoutPreemptively(BOUND, call, what);
    }

    @Override
    public void close() {
        pool.close();
    }

    record Call(String name, Executable executable) {}
}
