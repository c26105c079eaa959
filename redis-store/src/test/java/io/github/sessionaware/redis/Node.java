package io.github.sessionaware.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.TestService;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.function.Executable;

/**
 * One node of an application: a client, a service on it, and a user with a session on a phone and one on a laptop. One
 * service has a short timeout, so that calls that must fail do so soon. The other has a long one, so that a busy
 * machine fails no call that must succeed.
 */
final class Node implements AutoCloseable {
    static final String USER = "user-that-must-not-be-shown";
    static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(10);

    /** Jedis limits connecting by itself. A cluster is asked for its owners after a failure. */
    private static final Duration CONNECT_AND_LEARN = Duration.ofSeconds(4);

    private static final Duration SLACK_OF_A_BUSY_MACHINE = Duration.ofSeconds(10);

    /** How long a call may take: what docs/redis.md promises, and slack. */
    static final Duration BOUND = TIMEOUT.plus(CONNECT_AND_LEARN).plus(SLACK_OF_A_BUSY_MACHINE);

    /** Longer than anything takes that must succeed, even on a busy machine. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final FakeClock clock = new FakeClock(TestService.START);
    private final Client client;
    private final SessionAwareTokenService impatient;
    private final SessionAwareTokenService service;
    private final IssuedTokens phone;
    private final IssuedTokens laptop;

    private Node(Client client, RedisSessionStore store) {
        this.client = client;
        this.impatient = service(store.withTimeout(TIMEOUT));
        this.service = service(store.withTimeout(LONG_TIMEOUT));
        loadScripts();
        this.phone = service.issue(USER, ClientInfo.unknown());
        this.laptop = service.issue(USER, ClientInfo.unknown());
    }

    /** The node closes the client. */
    static Node on(Client client) {
        return new Node(client, new RedisSessionStore(client.access()));
    }

    private SessionAwareTokenService service(RedisSessionStore store) {
        return TestService.aServiceOn(store)
                .clock(clock)
                .sessionLimit(SessionLimit.unlimited())
                .build();
    }

    /** Otherwise the first reply that a fault takes away might be that the server does not know a script. */
    private void loadScripts() {
        IssuedTokens early = service.issue("an-early-user", ClientInfo.unknown());
        service.revokeSession("an-early-user", early.session().id());
        service.revokeAllSessions("an-early-user");
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

    void letActivityIntervalPass() {
        clock.advance(Duration.ofMinutes(2));
    }

    /** Calls that need Redis, by name. */
    Map<String, Function<SessionAwareTokenService, ?>> everyCall() {
        Map<String, Function<SessionAwareTokenService, ?>> calls = new LinkedHashMap<>();
        calls.put("validate", service -> service.validate(phone.accessToken()));
        calls.put("listSessions", service -> service.listSessions(USER));
        calls.putAll(everyWrite());
        return calls;
    }

    /** Calls that fail unless they can write. A login that fails may be stored, so it is another user's. */
    Map<String, Function<SessionAwareTokenService, ?>> everyWrite() {
        String phoneId = phone.session().id();
        Map<String, Function<SessionAwareTokenService, ?>> calls = new LinkedHashMap<>();
        calls.put("issue", service -> service.issue("a-late-user", ClientInfo.unknown()));
        calls.put("revokeSession", service -> service.revokeSession(USER, phoneId));
        calls.put("revokeOtherSessions", service -> service.revokeOtherSessions(USER, phoneId));
        calls.put("revokeAllSessions", service -> service.revokeAllSessions(USER));
        return calls;
    }

    /** Each call says neither valid nor invalid, ends in time and shows no value. */
    void assertEveryCallFailsInTime() {
        everyCall().forEach(this::assertFailsInTime);
        assertFailsInTime("purgeExpiredSessions", SessionAwareTokenService::purgeExpiredSessions);
    }

    SessionStoreException assertFailsInTime(String name, Function<SessionAwareTokenService, ?> call) {
        return assertFailsWithin(BOUND, name, () -> call.apply(impatient));
    }

    /** The call must reach the server before it fails. With the short timeout, a busy machine could fail it earlier. */
    void assertLosesItsReply(String name, Function<SessionAwareTokenService, ?> call) {
        assertFailsWithin(RECOVERY, name, () -> call.apply(service));
    }

    private SessionStoreException assertFailsWithin(Duration bound, String name, Executable call) {
        SessionStoreException failure =
                assertTimeoutPreemptively(bound, () -> assertThrows(SessionStoreException.class, call, name), name);
        assertShowsNoValues(failure);
        return failure;
    }

    void assertSucceeds(String name, Function<SessionAwareTokenService, ?> call) {
        assertTimeoutPreemptively(RECOVERY, () -> call.apply(service), name);
    }

    void assertRefused(Reason reason, String token) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(reason, refusal.reason());
    }

    /** The service answers again without a restart, and nothing is lost. */
    void assertAllIsAsBefore() {
        awaitAnAnswer();
        Set<String> both = Set.of(phone.session().id(), laptop.session().id());
        assertEquals(both, listedIds());
        service.validate(laptop.accessToken());

        IssuedTokens tablet = service.issue(USER, ClientInfo.unknown());
        service.validate(tablet.accessToken());
        assertTrue(service.revokeSession(USER, tablet.session().id()));
        assertRefused(Reason.SESSION_ENDED, tablet.accessToken());

        assertEquals(both, listedIds());
    }

    /** Calls again after each failure. Fails at once if the answer is that the token is invalid. */
    int awaitAnAnswer() {
        return assertTimeoutPreemptively(RECOVERY, () -> {
            for (int failed = 0; ; failed++) {
                try {
                    impatient.validate(phone.accessToken());
                    return failed;
                } catch (SessionStoreException e) {
                    assertShowsNoValues(e);
                }
            }
        });
    }

    Set<String> listedIds() {
        return service.listSessions(USER).stream().map(Session::id).collect(Collectors.toSet());
    }

    private void assertShowsNoValues(SessionStoreException failure) {
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        for (String value : List.of(USER, phone.session().id(), phone.accessToken(), "a-late-user")) {
            assertFalse(printed.toString().contains(value), printed.toString());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
