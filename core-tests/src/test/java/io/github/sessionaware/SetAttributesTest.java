package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An application changes what it has stored with a session, such as the chosen organisation. */
class SetAttributesTest {
    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(clock).build();
    private final IssuedTokens login = service.issue(
            "alice",
            ClientInfo.unknown(),
            LoginOptions.defaults().withCategory("api").withAttributes(Map.of("org", "red")));
    private final AuthenticatedSession current = service.validate(login.accessToken());

    @Test
    void theFunctionReceivesThePresentAttributesAndReturnsAllNewOnes() {
        List<Map<String, String>> seen = new ArrayList<>();

        Session changed = service.setAttributes(current, attributes -> {
            seen.add(attributes);
            return Map.of("org", "blue", "theme", "dark");
        });
        service.setAttributes(current, attributes -> {
            seen.add(attributes);
            return Map.of();
        });

        assertEquals(List.of(Map.of("org", "red"), Map.of("org", "blue", "theme", "dark")), seen);
        assertEquals(Map.of("org", "blue", "theme", "dark"), changed.attributes());
        assertEquals(Map.of(), attributes());
    }

    @Test
    void theVersionRisesAndNothingElseChanges() {
        SessionRecord before = store.list("alice").get(0);
        clock.advance(Duration.ofMinutes(10));

        Session changed = service.setAttributes(current, attributes -> Map.of("org", "blue"));

        assertEquals(
                List.of(before.toBuilder()
                        .attributes(Map.of("org", "blue"))
                        .version(before.version() + 1)
                        .build()),
                store.list("alice"));
        assertEquals(current.sessionId(), changed.id());
        assertEquals(true, changed.current());
        assertEquals(START, changed.lastActiveAt());
    }

    @Test
    void changingCostsOneReadAndOneWrite() {
        store.reset();

        service.setAttributes(current, attributes -> Map.of("org", "blue"));

        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
    }

    @Test
    void theTokensOfTheSessionStayValid() {
        service.setAttributes(current, attributes -> Map.of("org", "blue"));

        assertEquals(
                Map.of("org", "blue"),
                service.validate(login.accessToken()).session().attributes());
    }

    @Test
    void theNextRefreshPassesTheNewAttributesToTheClaims() {
        SessionAwareTokenService refreshing = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((user, session) -> session.attributes())
                .build();
        IssuedTokens r1 = refreshing.issue("bob", ClientInfo.unknown());
        refreshing.setAttributes(refreshing.validate(r1.accessToken()), attributes -> Map.of("org", "blue"));

        IssuedTokens r2 = refreshing.refresh(r1.refreshToken(), ClientInfo.unknown());

        assertEquals(Optional.of("blue"), refreshing.validate(r2.accessToken()).claim("org", String.class));
    }

    @Test
    void twoChangesAtTheSameTimeBothLand() {
        List<Integer> asked = new ArrayList<>();
        SessionAwareTokenService overtaken = overtakenBy(() -> service.setAttributes(current, adding("theme", "dark")));

        Session changed = overtaken.setAttributes(current, attributes -> {
            asked.add(attributes.size());
            return adding("lang", "en").apply(attributes);
        });

        assertEquals(List.of(1, 2), asked);
        assertEquals(Map.of("org", "red", "theme", "dark", "lang", "en"), changed.attributes());
        assertEquals(changed.attributes(), attributes());
    }

    @Test
    void aChangeDoesNotReviveASessionThatIsRevokedAtTheSameTime() {
        SessionAwareTokenService overtaken = overtakenBy(() -> service.revokeAllSessions("alice"));

        assertRefused(Reason.SESSION_ENDED, overtaken, current);

        assertEquals(List.of(), store.list("alice"));
    }

    @Test
    void refusedAttributesStoreNothing() {
        for (Map<String, String> refused : List.of(
                Map.of("", "x"),
                Map.of("a b", "x"),
                Map.of("a".repeat(65), "x"),
                Map.of("org", "a\nb"),
                Map.of("org", "\uD800"),
                Map.of("org", "x".repeat(2_046)),
                IntStream.range(0, 17).boxed().collect(Collectors.toMap(i -> "n" + i, i -> "x")))) {
            assertThrows(IllegalArgumentException.class, () -> service.setAttributes(current, attributes -> refused));
        }
        for (Map<String, String> withNull : List.of(
                Collections.<String, String>singletonMap(null, "x"),
                Collections.<String, String>singletonMap("x", null))) {
            assertThrows(NullPointerException.class, () -> service.setAttributes(current, attributes -> withNull));
        }

        assertUnchanged();
    }

    @Test
    void theLimitsAreReachable() {
        service.setAttributes(current, attributes -> Map.of("org", "x".repeat(2_045)));
        service.setAttributes(
                current, attributes -> IntStream.range(0, 16).boxed().collect(Collectors.toMap(i -> "n" + i, i -> "")));
        assertEquals(16, attributes().size());
    }

    @Test
    void aFunctionThatThrowsStoresNothing() {
        IllegalStateException thrown = new IllegalStateException("no such organisation");

        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> service.setAttributes(current, attributes -> {
                            throw thrown;
                        })));

        assertUnchanged();
    }

    @Test
    void aFunctionThatReturnsNullStoresNothing() {
        assertEquals(
                "change returned null",
                assertThrows(NullPointerException.class, () -> service.setAttributes(current, attributes -> null))
                        .getMessage());

        assertUnchanged();
    }

    @Test
    void theFunctionCannotChangeTheRecordThatWasRead() {
        assertThrows(
                UnsupportedOperationException.class,
                () -> service.setAttributes(current, attributes -> {
                    attributes.put("org", "blue");
                    return attributes;
                }));
        Map<String, String> kept = new HashMap<>(Map.of("org", "blue"));
        service.setAttributes(current, attributes -> kept);
        kept.put("org", "green");

        assertEquals(Map.of("org", "blue"), attributes());
    }

    @Test
    void anEndedExpiredOrReplacedSessionIsRefusedWithOneRead() {
        IssuedTokens renewed = service.reauthenticate(current);
        assertRefused(Reason.OTHER_GENERATION, service, current);
        AuthenticatedSession next = service.validate(renewed.accessToken());
        clock.set(renewed.session().expiresAt().minusMillis(1));
        service.setAttributes(next, attributes -> attributes);
        clock.set(renewed.session().expiresAt());
        assertRefused(Reason.SESSION_EXPIRED, service, next);
        clock.set(START);
        service.revoke(next);
        store.reset();

        assertRefused(Reason.SESSION_ENDED, service, next);

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
    }

    @Test
    void nullAndTheSessionOfAnotherServiceAreRefusedWithoutAStoreCall() {
        SessionAwareTokenService other =
                aServiceOn(store).clock(clock).issuer("https://wiki.example").build();
        AuthenticatedSession foreign =
                other.validate(other.issue("alice", ClientInfo.unknown()).accessToken());
        store.reset();

        assertThrows(IllegalArgumentException.class, () -> service.setAttributes(foreign, attributes -> Map.of()));
        assertThrows(NullPointerException.class, () -> service.setAttributes(null, attributes -> Map.of()));
        assertThrows(NullPointerException.class, () -> service.setAttributes(current, null));

        assertEquals(0, store.calls());
    }

    /** Each change is overtaken once, when it is about to be stored. */
    private SessionAwareTokenService overtakenBy(Runnable other) {
        return aServiceOn(new StoreWrapper(store) {
                    private boolean isOvertaken;

                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        if (!isOvertaken) {
                            isOvertaken = true;
                            other.run();
                        }
                        return super.replace(seen, next);
                    }
                })
                .clock(clock)
                .build();
    }

    private static UnaryOperator<Map<String, String>> adding(String name, String value) {
        return attributes -> {
            Map<String, String> all = new TreeMap<>(attributes);
            all.put(name, value);
            return all;
        };
    }

    private Map<String, String> attributes() {
        return service.listSessions("alice").get(0).attributes();
    }

    private void assertUnchanged() {
        assertEquals(Map.of("org", "red"), attributes());
        assertEquals(1, store.list("alice").get(0).version());
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService service, AuthenticatedSession current) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.setAttributes(current, attributes -> Map.of()));
        assertEquals(reason, refusal.reason());
    }
}
