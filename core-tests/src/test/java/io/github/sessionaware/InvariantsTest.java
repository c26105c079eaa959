package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The promises of the library that no store can break, one test each. Promises 1, 5, 7 and half of 12 depend on the
 * store, so {@code ServiceInvariants} tests them on every store.
 */
class InvariantsTest {
    private static final ClientInfo CLIENT =
            ClientInfo.builder().device("Firefox on Linux").build();

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final SessionAwareTokenService service = builder(store).build();

    @Test
    void invariant02_aTokenThatIsNotOursCostsNothing() {
        CountingStore counting = new CountingStore(store);
        SessionAwareTokenService counted = builder(counting).build();
        String token = counted.issue("alice", CLIENT).accessToken();
        String foreign = builder(store)
                .signingKey(SigningKey.hmac256("another secret of 32 bytes or more".getBytes(UTF_8)))
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

        assertRefused(Reason.MISSING, counted, null);
        assertRefused(Reason.MALFORMED, counted, token + "=");
        assertRefused(Reason.BAD_SIGNATURE, counted, token.substring(0, token.lastIndexOf('.') + 1));
        assertRefused(Reason.BAD_SIGNATURE, counted, foreign);
        assertRefused(Reason.EXPIRED, counted, expired);

        assertEquals(0, counting.calls());
    }

    @Test
    void invariant03_anOutageIsItsOwnAnswer() {
        AtomicBoolean down = new AtomicBoolean();
        SessionAwareTokenService unlucky = builder(new OutageStore(store, down)).build();
        IssuedTokens issued = unlucky.issue("alice", CLIENT);

        down.set(true);
        assertThrows(SessionStoreException.class, () -> unlucky.validate(issued.accessToken()));
        assertThrows(SessionStoreException.class, () -> unlucky.issue("alice", CLIENT));
        assertThrows(SessionStoreException.class, () -> unlucky.listSessions("alice"));
        assertThrows(
                SessionStoreException.class,
                () -> unlucky.revokeSession("alice", issued.session().id()));
        assertThrows(SessionStoreException.class, () -> unlucky.revokeOtherSessions("alice", "x".repeat(22)));
        assertThrows(SessionStoreException.class, () -> unlucky.revokeAllSessions("alice"));
        assertThrows(SessionStoreException.class, unlucky::purgeExpiredSessions);

        down.set(false);
        assertEquals("alice", unlucky.validate(issued.accessToken()).userId());
    }

    @Test
    void invariant04_onlyTheOwnerListsAndRevokes() {
        IssuedTokens alices = service.issue("alice", CLIENT);
        IssuedTokens bobs = service.issue("bob", CLIENT);

        assertFalse(service.revokeSession("bob", alices.session().id()));
        assertFalse(service.revokeSession("bob", "unknown-session-id-of-right-form"));
        assertEquals(0, service.revokeOtherSessions("bob", bobs.session().id()));
        assertEquals(List.of(TestSessions.notCurrent(bobs.session())), service.listSessions("bob"));
        assertEquals(1, service.revokeAllSessions("bob"));

        assertEquals("alice", service.validate(alices.accessToken()).userId());
    }

    @Test
    void invariant06_theListHoldsExactlyTheSessionsThatValidate() {
        SessionAwareTokenService longTokens =
                builder(store).accessTokenLifetime(Duration.ofDays(30)).build();
        List<IssuedTokens> logins = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            logins.add(longTokens.issue("alice", CLIENT));
            clock.advance(Duration.ofDays(4));
        }
        longTokens.revokeSession("alice", logins.get(4).session().id());

        Set<String> validating = logins.stream()
                .filter(login -> validates(longTokens, login.accessToken()))
                .map(login -> login.session().id())
                .collect(Collectors.toSet());

        assertEquals(ids(logins.get(3), logins.get(5)), validating);
        assertEquals(
                validating,
                longTokens.listSessions("alice").stream().map(Session::id).collect(Collectors.toSet()));
    }

    @Test
    void invariant08_callsCostAFixedNumberOfReadsAndWrites() {
        CountingStore counting = new CountingStore(store);
        SessionAwareTokenService counted = builder(counting).build();

        String token = counted.issue("alice", CLIENT).accessToken();
        assertCost(counting, 0, 1);
        counted.validate(token);
        assertCost(counting, 1, 0);
        clock.advance(Duration.ofMinutes(1).minusMillis(1));
        counted.validate(token);
        assertCost(counting, 1, 0);
        clock.advance(Duration.ofMillis(1));
        counted.validate(token);
        assertCost(counting, 1, 1);
        counted.validate(token);
        assertCost(counting, 1, 0);
        counted.listSessions("alice");
        assertCost(counting, 1, 0);
    }

    @Test
    void invariant09_metadataIsHarmless() {
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
        IssuedTokens issued = service.issue("alice", CLIENT);
        AuthenticatedSession current = service.validate(issued.accessToken());
        String signature = issued.accessToken().substring(issued.accessToken().lastIndexOf('.') + 1);

        String shown = "%s %s %s %s".formatted(issued, current, store.list("alice"), service.listSessions("alice"));

        assertFalse(shown.contains(issued.accessToken()));
        assertFalse(shown.contains(signature));
        assertFalse(shown.contains(new String(TestService.secret(), UTF_8)));
        String id = issued.session().id();
        assertRefused(Reason.MALFORMED, service, id);
        assertRefused(
                Reason.BAD_SIGNATURE,
                service,
                issued.accessToken()
                        .replace(
                                signature,
                                Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8))));
    }

    @Test
    void invariant11_everyRuleAboutTimeFollowsTheGivenClock() {
        SessionAwareTokenService brief = builder(store)
                .accessTokenLifetime(Duration.ofMinutes(15))
                .idleTimeout(Duration.ofMinutes(5))
                .build();
        String token = brief.issue("alice", CLIENT).accessToken();

        clock.set(START.plus(Duration.ofMinutes(5)).minusMillis(1));
        assertEquals(1, brief.listSessions("alice").size());
        clock.set(START.plus(Duration.ofMinutes(5)));
        assertEquals(List.of(), brief.listSessions("alice"));
        assertRefused(Reason.SESSION_EXPIRED, brief, token);
        clock.set(START.plus(Duration.ofMinutes(5)).minusMillis(1));
        assertEquals(clock.instant(), brief.validate(token).session().lastActiveAt());
        clock.set(START.plus(Duration.ofMinutes(10)).minusMillis(2));
        assertTrue(validates(brief, token));
        clock.set(START.plus(Duration.ofMinutes(15)).minusMillis(1));
        assertRefused(Reason.SESSION_EXPIRED, brief, token);
        clock.set(START.plus(Duration.ofMinutes(15)));
        assertRefused(Reason.EXPIRED, brief, token);
        clock.set(START.plus(Duration.ofDays(1)).plus(Duration.ofMinutes(15)).minusMillis(3));
        assertEquals(0, brief.purgeExpiredSessions());
        clock.advance(Duration.ofMillis(1));
        assertEquals(1, brief.purgeExpiredSessions());
    }

    @Test
    void invariant12_twoServicesInOneProcessShareNothing() {
        SessionAwareTokenService other =
                builder(store).issuer("https://other.example").build();

        IssuedTokens ours = service.issue("alice", CLIENT);
        IssuedTokens theirs = other.issue("alice", CLIENT);

        assertRefused(Reason.WRONG_ISSUER, other, ours.accessToken());
        assertRefused(Reason.WRONG_ISSUER, service, theirs.accessToken());
        assertEquals("alice", service.validate(ours.accessToken()).userId());
    }

    private SessionAwareTokenServiceBuilder builder(SessionStore on) {
        return aServiceOn(on).clock(clock);
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
