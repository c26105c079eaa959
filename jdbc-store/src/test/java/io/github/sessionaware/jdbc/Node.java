package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.function.ThrowingSupplier;

/**
 * One node of an application: a pool, a service on it, and a user with a session on a phone and one on a laptop. The
 * service has a short timeout, so that calls that must fail do so soon. Calls that must succeed go through the same
 * pool, but have a long timeout and ask the pool again when it has no connection in time. So a busy machine does not
 * fail them.
 */
final class Node implements AutoCloseable {
    static final int POOL_SIZE = 4;
    static final String USER = "user-that-must-not-be-shown";
    static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final Duration POOL_WAIT = Duration.ofMillis(500);
    static final Duration TIMEOUT_TO_WAIT_FOR = Duration.ofSeconds(5);
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SLACK_OF_A_BUSY_MACHINE = Duration.ofSeconds(10);

    /** How long a call may take if the service has the short timeout: what docs/outages.md promises, and slack. */
    static final Duration BOUND = POOL_WAIT.plus(TIMEOUT).plus(SLACK_OF_A_BUSY_MACHINE);

    /** Longer than anything takes that must succeed, even on a busy machine. */
    static final Duration RECOVERY = Duration.ofSeconds(60);

    private final FakeClock clock = new FakeClock(TestService.START);
    private final HikariDataSource pool;
    private final DataSource patientPool;
    private final JdbcSessionStore patientStore;
    private final SessionAwareTokenService impatient;
    private final SessionAwareTokenService sharingReads;
    private final SessionAwareTokenService service;
    private final IssuedTokens phone;
    private final IssuedTokens laptop;
    private final String expiredToken;
    private final String forgedToken;
    private final List<Connection> held = new ArrayList<>();

    private Node(HikariDataSource pool) {
        this.pool = pool;
        patientPool = askingAgain(pool);
        JdbcSessionStore store = new JdbcSessionStore(pool);
        patientStore = new JdbcSessionStore(patientPool).withTimeout(LONG_TIMEOUT);
        impatient = service(store.withTimeoutOfAnyLength(TIMEOUT));
        sharingReads = service(store.withBatchedReads(64).withTimeoutOfAnyLength(TIMEOUT));
        service = service(patientStore);
        patientStore.createTableIfMissing();
        expiredToken = service.issue("an-early-user", ClientInfo.unknown()).accessToken();
        clock.advance(Duration.ofDays(1));
        phone = service.issue(USER, ClientInfo.unknown());
        laptop = service.issue(USER, ClientInfo.unknown());
        forgedToken = TestService.aServiceOn(new ReferenceStore())
                .signingKey(SigningKey.hmac256("a key of another service, 32 byte".getBytes(StandardCharsets.UTF_8)))
                .clock(clock)
                .build()
                .issue(USER, ClientInfo.unknown())
                .accessToken();
    }

    static Node on(DataSource driver) {
        return new Node(pool(driver, POOL_WAIT, true));
    }

    static Node withoutAutoCommitOn(DataSource driver) {
        return new Node(pool(driver, POOL_WAIT, false));
    }

    /** A node whose pool gives a slow connection as much time as a busy machine may need. */
    static Node withPatientPoolOn(DataSource driver) {
        return new Node(pool(driver, RECOVERY, true));
    }

    private SessionAwareTokenService service(JdbcSessionStore store) {
        // Without a limit a login is one insert that commits itself, so each test knows where it breaks off.
        return TestService.aServiceOn(store)
                .clock(clock)
                .sessionLimit(SessionLimit.unlimited())
                .build();
    }

    private static HikariDataSource pool(DataSource driver, Duration wait, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(wait.toMillis());
        config.setValidationTimeout(wait.toMillis() / 2);
        config.setAutoCommit(autoCommit);
        return opened(config);
    }

    /**
     * Tries again when the first connection was too slow, which happens on a busy machine. Such a pool never works: it
     * did not learn the default isolation level, and sets none that exists on every later connection.
     */
    private static HikariDataSource opened(HikariConfig config) {
        long start = System.nanoTime();
        while (true) {
            try {
                return new HikariDataSource(config);
            } catch (PoolInitializationException e) {
                if (System.nanoTime() - start > RECOVERY.toNanos()) {
                    throw e;
                }
            }
        }
    }

    /** Asks the pool again as long as it only has no connection in time. */
    private static DataSource askingAgain(HikariDataSource pool) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    long start = System.nanoTime();
                    while (true) {
                        try {
                            return method.invoke(pool, arguments);
                        } catch (InvocationTargetException e) {
                            boolean isOver = System.nanoTime() - start > RECOVERY.toNanos();
                            if (isOver || !(e.getCause() instanceof SQLTransientConnectionException)) {
                                throw e.getCause();
                            }
                        }
                    }
                });
    }

    /** The service with the long timeout. */
    SessionAwareTokenService service() {
        return service;
    }

    /** The service with the short timeout. */
    SessionAwareTokenService impatient() {
        return impatient;
    }

    /** The service with the short timeout, where many callers share reads. */
    SessionAwareTokenService sharingReads() {
        return sharingReads;
    }

    /** A service whose timeout a test can wait for, on a pool that is asked again. */
    SessionAwareTokenService withTimeoutToWaitFor() {
        return service(new JdbcSessionStore(patientPool).withTimeout(TIMEOUT_TO_WAIT_FOR));
    }

    IssuedTokens phone() {
        return phone;
    }

    IssuedTokens laptop() {
        return laptop;
    }

    void createTables() {
        patientStore.createTableIfMissing();
    }

    /** Lets each further validate find activity to record. */
    void letActivityIntervalPass() {
        clock.advance(Duration.ofMinutes(2));
    }

    /** Closes every idle connection, so that the next call needs a new one. */
    void forgetConnections() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    /** Takes every connection from the pool, as calls do that never return. */
    void holdEveryConnection() throws SQLException {
        while (held.size() < POOL_SIZE) {
            held.add(patientPool.getConnection());
        }
    }

    void releaseConnections() throws SQLException {
        for (Connection connection : held) {
            connection.close();
        }
        held.clear();
    }

    /** Every call of the service that a request makes. */
    List<Call> everyCall(SessionAwareTokenService service) {
        List<Call> calls = new ArrayList<>();
        calls.add(new Call("validate", () -> service.validate(phone.accessToken())));
        calls.add(new Call("listSessions", () -> service.listSessions(USER)));
        calls.addAll(everyWrite(service));
        return calls;
    }

    /** The calls that fail unless they can write. */
    List<Call> everyWrite(SessionAwareTokenService service) {
        String phoneId = phone.session().id();
        return List.of(
                // For another user: a login that fails may be stored, and must not count among this user's sessions.
                new Call("issue", () -> service.issue("a-late-user", ClientInfo.unknown())),
                new Call("revokeSession", () -> service.revokeSession(USER, phoneId)),
                new Call("revokeOtherSessions", () -> service.revokeOtherSessions(USER, phoneId)),
                new Call("revokeAllSessions", () -> service.revokeAllSessions(USER)));
    }

    /** Each call says neither valid nor invalid, ends in time, shows no value and returns its connection. */
    void assertEveryCallFailsInTime() {
        everyCall(impatient).forEach(this::assertFailsInTime);
        assertFailsInTime("purgeExpiredSessions", SessionAwareTokenService::purgeExpiredSessions);
    }

    void assertFailsInTime(String name, Function<SessionAwareTokenService, ?> call) {
        assertFailsInTime(new Call(name, () -> call.apply(impatient)));
    }

    void assertFailsInTime(Call call) {
        assertFailsWithin(BOUND, call);
    }

    /**
     * The call fails because its reply is lost, which the client notices at once. With the short timeout, a busy
     * machine could fail it before it reaches the server.
     */
    void assertLosesItsReply(String name, Function<SessionAwareTokenService, ?> call) {
        assertFailsWithin(RECOVERY, new Call(name, () -> call.apply(service)));
    }

    private void assertFailsWithin(Duration bound, Call call) {
        SessionStoreException failure = assertTimeoutPreemptively(
                bound, () -> assertThrows(SessionStoreException.class, call.executable(), call.name()), call.name());
        assertShowsNoValues(failure);
        assertNoConnectionIsInUse(call.name());
        assertRefused(Reason.BAD_SIGNATURE, forgedToken);
        assertRefused(Reason.EXPIRED, expiredToken);
    }

    void assertRefused(Reason reason, String token) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validate(token), "validate");
        assertEquals(reason, refusal.reason());
    }

    void assertSucceedsWithin(Duration bound, Call call) {
        assertTimeoutPreemptively(bound, call.executable(), call.name());
        assertNoConnectionIsInUse(call.name());
    }

    /** The call succeeds or fails, never judges the token, and leaves the thread interrupted. */
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
        assertNoConnectionIsInUse(call.name());
        return success;
    }

    /** The service answers again without a restart, and nothing is lost. */
    void assertAllIsAsBefore() {
        awaitAnAnswer();
        assertEquals(Set.of(phone.session().id(), laptop.session().id()), listedIds());
        service.validate(phone.accessToken());
        service.validate(laptop.accessToken());

        IssuedTokens tablet = service.issue(USER, ClientInfo.unknown());
        service.validate(tablet.accessToken());
        assertTrue(service.revokeSession(USER, tablet.session().id()));
        assertRefused(Reason.SESSION_ENDED, tablet.accessToken());

        assertEquals(Set.of(phone.session().id(), laptop.session().id()), listedIds());
        assertNoConnectionIsInUse("afterwards");
    }

    int awaitAnAnswer() {
        return awaitAnAnswer(impatient);
    }

    /**
     * Calls again after each failure until there is an answer. Fails at once if the answer is that the token is
     * invalid.
     *
     * @return the number of failed calls
     */
    int awaitAnAnswer(SessionAwareTokenService called) {
        return assertTimeoutPreemptively(RECOVERY, () -> {
            for (int failed = 0; ; failed++) {
                try {
                    called.validate(phone.accessToken());
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

    private void assertNoConnectionIsInUse(String when) {
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

    /** A call, with a name for messages. */
    record Call(String name, Executable executable) {}
}
