package io.github.sessionaware.testing;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The twelve promises of the library, one test each, to be kept on every store. */
public abstract class Invariants extends SessionStories {
    private static final int THREADS = 16;
    private static final ClientInfo CLIENT =
            ClientInfo.builder().device("Firefox on Linux").build();

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void invariant01_revocationIsFinal() throws Exception {
        CountDownLatch hasRead = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        SessionAwareTokenService slowNode = serviceOn(new StoreWrapper(store) {
            @Override
            public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
                hasRead.countDown();
                await(mayGoOn);
                return super.touch(seen, lastActiveAt, expiresAt);
            }
        });
        SessionAwareTokenService otherNode = serviceOn(otherNode());
        IssuedTokens issued = slowNode.issue("alice", CLIENT);
        clock.advance(Duration.ofMinutes(1));

        Future<AuthenticatedSession> begunBefore = threads.submit(() -> slowNode.validate(issued.accessToken()));
        await(hasRead);
        assertTrue(otherNode.revokeSession("alice", issued.session().id()));
        mayGoOn.countDown();

        assertEquals(issued.session().id(), begunBefore.get().sessionId());
        assertRefused(Reason.SESSION_ENDED, slowNode, issued.accessToken());
        assertRefused(Reason.SESSION_ENDED, otherNode, issued.accessToken());
        assertEquals(List.of(), otherNode.listSessions("alice"));
    }

    @Test
    void invariant02_aTokenThatIsNotOursCostsNothing() {
        CountingStore counting = new CountingStore(store);
        SessionAwareTokenService service = serviceOn(counting);
        String token = service.issue("alice", CLIENT).accessToken();
        String foreign = builder(store)
                .signingKey(SigningKey.hmac256("another secret of 32 bytes or more".getBytes(StandardCharsets.UTF_8)))
                .build()
                .issue("alice", CLIENT)
                .accessToken();
        String expired = builder(store)
                .accessTokenLifetime(Duration.ofSeconds(1))
                .build()
                .issue("alice", CLIENT)
                .accessToken();
        clock.advance(Duration.ofSeconds(1));
        counting.reset();

        assertRefused(Reason.MISSING, service, null);
        assertRefused(Reason.MALFORMED, service, token + "=");
        assertRefused(Reason.NOT_OURS, service, token.substring(0, token.lastIndexOf('.') + 1));
        assertRefused(Reason.NOT_OURS, service, foreign);
        assertRefused(Reason.EXPIRED, service, expired);

        assertEquals(0, counting.calls());
    }

    @Test
    void invariant03_anOutageIsItsOwnAnswer() {
        AtomicBoolean down = new AtomicBoolean();
        SessionAwareTokenService service = serviceOn(new OutageStore(store, down));
        IssuedTokens issued = service.issue("alice", CLIENT);

        down.set(true);
        assertThrows(SessionStoreException.class, () -> service.validate(issued.accessToken()));
        assertThrows(SessionStoreException.class, () -> service.issue("alice", CLIENT));
        assertThrows(SessionStoreException.class, () -> service.listSessions("alice"));
        assertThrows(
                SessionStoreException.class,
                () -> service.revokeSession("alice", issued.session().id()));
        assertThrows(SessionStoreException.class, () -> service.revokeOtherSessions("alice", "x".repeat(22)));
        assertThrows(SessionStoreException.class, () -> service.revokeAllSessions("alice"));
        assertThrows(SessionStoreException.class, service::purgeExpiredSessions);

        down.set(false);
        assertEquals("alice", service.validate(issued.accessToken()).userId());
    }

    @Test
    void invariant04_onlyTheOwner() {
        SessionAwareTokenService service = serviceOn(store);
        IssuedTokens alices = service.issue("alice", CLIENT);
        IssuedTokens bobs = service.issue("bob", CLIENT);

        assertFalse(service.revokeSession("bob", alices.session().id()));
        assertFalse(service.revokeSession("bob", "unknown-session-id-of-right-form"));
        assertEquals(0, service.revokeOtherSessions("bob", bobs.session().id()));
        assertEquals(List.of(bobs.session()), service.listSessions("bob"));
        assertEquals(1, service.revokeAllSessions("bob"));

        assertEquals("alice", service.validate(alices.accessToken()).userId());
        store.deleteAll("alice");
        Session stolen = alices.session();
        store.create(new Session(
                stolen.id(),
                "mallory",
                stolen.client(),
                stolen.createdAt(),
                stolen.lastActiveAt(),
                stolen.expiresAt()));
        assertRefused(Reason.SESSION_ENDED, service, alices.accessToken());
    }

    @Test
    void invariant05_noLoginIsLost() throws Exception {
        List<SessionAwareTokenService> nodes = List.of(serviceOn(store), serviceOn(otherNode()));
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Callable<IssuedTokens>> logins = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SessionAwareTokenService node = nodes.get(i % 2);
            logins.add(() -> {
                together.await();
                return node.issue("alice", CLIENT);
            });
        }

        Set<Session> logged = new HashSet<>();
        for (Future<IssuedTokens> login : threads.invokeAll(logins)) {
            logged.add(nodes.get(0).validate(login.get().accessToken()).session());
        }

        assertEquals(THREADS, logged.size());
        assertEquals(logged, new HashSet<>(nodes.get(1).listSessions("alice")));
        assertEquals(THREADS, nodes.get(1).revokeAllSessions("alice"));
        assertEquals(List.of(), nodes.get(0).listSessions("alice"));
    }

    @Test
    void invariant06_listIsTruth() {
        SessionAwareTokenService service =
                builder(store).accessTokenLifetime(Duration.ofDays(30)).build();
        List<IssuedTokens> logins = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            logins.add(service.issue("alice", CLIENT));
            clock.advance(Duration.ofDays(4));
        }
        service.revokeSession("alice", logins.get(4).session().id());

        Set<String> validating = logins.stream()
                .filter(login -> validates(service, login.accessToken()))
                .map(login -> login.session().id())
                .collect(Collectors.toSet());

        assertEquals(ids(logins.get(3), logins.get(5)), validating);
        assertEquals(
                validating,
                service.listSessions("alice").stream().map(Session::id).collect(Collectors.toSet()));
    }

    @Test
    void invariant07_activityIsMonotonicAndCheap() throws Exception {
        AtomicInteger written = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        SessionStore counted = new StoreWrapper(store) {
            @Override
            public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
                awaitAll(together);
                boolean won = super.touch(seen, lastActiveAt, expiresAt);
                written.addAndGet(won ? 1 : 0);
                return won;
            }
        };
        SessionAwareTokenService service = serviceOn(counted);
        String token = service.issue("alice", CLIENT).accessToken();
        clock.advance(Duration.ofMinutes(1));

        // Each on a node of its own, since on one node only one of them asks.
        List<Callable<AuthenticatedSession>> requests = Stream.generate(() -> serviceOn(counted))
                .limit(THREADS)
                .map(node -> (Callable<AuthenticatedSession>) () -> node.validate(token))
                .toList();
        for (Future<AuthenticatedSession> request : threads.invokeAll(requests)) {
            request.get();
        }
        assertEquals(1, written.get());
        assertEquals(
                START.plus(Duration.ofMinutes(1)),
                service.listSessions("alice").get(0).lastActiveAt());

        clock.set(START.minus(Duration.ofMinutes(5)));
        service.validate(token);
        assertEquals(1, written.get());
        assertEquals(
                START.plus(Duration.ofMinutes(1)),
                service.listSessions("alice").get(0).lastActiveAt());
    }

    @Test
    void invariant08_theCostContract() {
        CountingStore counting = new CountingStore(store);
        SessionAwareTokenService service = serviceOn(counting);

        String token = service.issue("alice", CLIENT).accessToken();
        assertCost(counting, 0, 1);
        service.validate(token);
        assertCost(counting, 1, 0);
        clock.advance(Duration.ofMinutes(1).minusMillis(1));
        service.validate(token);
        assertCost(counting, 1, 0);
        clock.advance(Duration.ofMillis(1));
        service.validate(token);
        assertCost(counting, 1, 1);
        service.validate(token);
        assertCost(counting, 1, 0);
        service.listSessions("alice");
        assertCost(counting, 1, 0);
    }

    @Test
    void invariant09_metadataIsHarmless() throws Exception {
        SessionAwareTokenService service = serviceOn(store);
        List<String> hostile = List.of(
                "A".repeat(64 * 1024),
                "nul \0 inside",
                "lone \ud83d surrogate",
                "turned \ude00\ud83d round",
                "two\r\nSet-Cookie: lines",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67".repeat(500),
                "'; drop table jwt_sessions; --",
                "\u202etxt.exe",
                ":userId ? %s ${x} <b>");

        for (String text : hostile) {
            ClientInfo client = ClientInfo.builder()
                    .device(text)
                    .userAgent(text)
                    .ipAddress(text)
                    .location(text)
                    .build();
            IssuedTokens issued = service.issue("alice", client);
            String shown =
                    service.validate(issued.accessToken()).session().client().userAgent();
            assertEquals(client.userAgent(), shown);
            assertTrue(shown.codePointCount(0, shown.length()) <= 512);
            assertTrue(shown.codePoints().noneMatch(c -> c < ' ' || (c >= 0xD800 && c <= 0xDFFF) || c == 0x202E));
        }

        assertEquals(hostile.size(), service.listSessions("alice").size());
    }

    @Test
    void invariant10_noSecretsLeak() {
        List<Session> seenByStore = new ArrayList<>();
        SessionAwareTokenService service = serviceOn(new StoreWrapper(store) {
            @Override
            public void create(Session session) {
                seenByStore.add(session);
                super.create(session);
            }
        });
        IssuedTokens issued = service.issue("alice", CLIENT);
        AuthenticatedSession current = service.validate(issued.accessToken());
        String secret = new String(TestService.secret(), StandardCharsets.UTF_8);
        String signature = issued.accessToken().substring(issued.accessToken().lastIndexOf('.') + 1);

        String shown = "%s %s %s %s".formatted(issued, current, seenByStore, service.listSessions("alice"));

        assertFalse(shown.contains(issued.accessToken()));
        assertFalse(shown.contains(signature));
        assertFalse(shown.contains(secret));
        for (Session listed : service.listSessions("alice")) {
            assertRefused(Reason.MALFORMED, service, listed.id());
            assertRefused(
                    Reason.NOT_OURS,
                    service,
                    issued.accessToken()
                            .replace(
                                    signature,
                                    Base64.getUrlEncoder()
                                            .withoutPadding()
                                            .encodeToString(listed.id().getBytes(StandardCharsets.UTF_8))));
        }
    }

    @Test
    void invariant11_timeIsInjected() {
        SessionAwareTokenService service = builder(store)
                .accessTokenLifetime(Duration.ofMinutes(15))
                .idleTimeout(Duration.ofMinutes(5))
                .build();
        String token = service.issue("alice", CLIENT).accessToken();

        clock.set(START.plus(Duration.ofMinutes(5)).minusMillis(1));
        assertEquals(1, service.listSessions("alice").size());
        clock.set(START.plus(Duration.ofMinutes(5)));
        assertEquals(List.of(), service.listSessions("alice"));
        assertRefused(Reason.SESSION_EXPIRED, service, token);
        clock.set(START.plus(Duration.ofMinutes(5)).minusMillis(1));
        assertEquals(clock.instant(), service.validate(token).session().lastActiveAt());
        clock.set(START.plus(Duration.ofMinutes(10)).minusMillis(2));
        assertTrue(validates(service, token));
        clock.set(START.plus(Duration.ofMinutes(15)).minusMillis(1));
        assertRefused(Reason.SESSION_EXPIRED, service, token);
        clock.set(START.plus(Duration.ofMinutes(15)));
        assertRefused(Reason.EXPIRED, service, token);
        clock.set(START.plus(Duration.ofDays(1)).plus(Duration.ofMinutes(15)).minusMillis(3));
        assertEquals(0, service.purgeExpiredSessions());
        clock.advance(Duration.ofMillis(1));
        assertEquals(1, service.purgeExpiredSessions());
    }

    @Test
    void invariant12_noSurprisesInTheHost() {
        SessionAwareTokenService service = serviceOn(store);
        service.issue("warm-up", CLIENT);
        service.revokeAllSessions("warm-up");
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        SessionAwareTokenService other =
                builder(store).issuer("https://other.example").build();
        IssuedTokens ours = service.issue("alice", CLIENT);
        IssuedTokens theirs = other.issue("alice", CLIENT);

        assertRefused(Reason.NOT_OURS, other, ours.accessToken());
        assertRefused(Reason.NOT_OURS, service, theirs.accessToken());
        assertEquals("alice", service.validate(ours.accessToken()).userId());
        assertTrue(before.containsAll(Thread.getAllStackTraces().keySet()), "started a thread");
    }

    /** Zero verifies each token anew. */
    protected int verifiedTokens() {
        return TestService.VERIFIED_TOKENS;
    }

    private SessionAwareTokenServiceBuilder builder(SessionStore store) {
        return aServiceOn(store).verifiedTokens(verifiedTokens()).clock(clock);
    }

    private SessionAwareTokenService serviceOn(SessionStore store) {
        return builder(store).build();
    }

    private static Set<String> ids(IssuedTokens... issued) {
        return Stream.of(issued).map(login -> login.session().id()).collect(Collectors.toSet());
    }

    private static boolean validates(SessionAwareTokenService service, String token) {
        try {
            service.validate(token);
            return true;
        } catch (InvalidTokenException e) {
            return false;
        }
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService service, String token) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(reason, refusal.reason());
    }

    private static void assertCost(CountingStore counting, int reads, int writes) {
        assertEquals(List.of(reads, writes), List.of(counting.reads(), counting.writes()), "reads, writes");
        counting.reset();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitAll(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class OutageStore extends StoreWrapper {
        private final AtomicBoolean down;

        OutageStore(SessionStore store, AtomicBoolean down) {
            super(store);
            this.down = down;
        }

        @Override
        protected void beforeRead() {
            if (down.get()) {
                throw new IllegalStateException("connection refused");
            }
        }

        @Override
        protected void beforeWrite() {
            beforeRead();
        }
    }
}
