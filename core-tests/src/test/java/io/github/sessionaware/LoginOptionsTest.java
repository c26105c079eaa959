package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A login with timeouts of its own, and how its user was authenticated. */
class LoginOptionsTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();
    private static final LoginOptions SHORT =
            LoginOptions.defaults().withTimeouts(new SessionTimeouts(Duration.ofMinutes(10), Duration.ofMinutes(25)));

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = service(Duration.ofDays(14), Duration.ofDays(30));

    private SessionAwareTokenService service(Duration idle, Duration absolute) {
        return aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .accessTokenLifetime(Duration.ofMinutes(30))
                .idleTimeout(idle)
                .absoluteTimeout(absolute)
                .build();
    }

    @Test
    void aLoginsOwnIdleTimeoutHoldsAtItsBorderAndAfterActivity() {
        String token = service.issue("alice", CLIENT, SHORT).accessToken();
        clock.set(START.plus(Duration.ofMinutes(10)).minusMillis(1));
        service.validate(token);
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        service.validate(token);
        clock.advance(Duration.ofMinutes(5));
        service.validate(token);
        clock.set(START.plus(Duration.ofMinutes(25)));
        assertRefused(Reason.EXPIRED, token, "A token ends at the absolute deadline of its session");
    }

    @Test
    void aLoginsOwnAbsoluteTimeoutHoldsAtItsBorderWhateverTheActivity() {
        LoginOptions options = LoginOptions.defaults()
                .withTimeouts(new SessionTimeouts(Duration.ofMinutes(20), Duration.ofMinutes(25)));
        IssuedTokens login = service.issue("alice", CLIENT, options);
        assertEquals(START.plus(Duration.ofMinutes(25)), login.accessTokenExpiresAt());
        clock.advance(Duration.ofMinutes(15));
        service.refresh(login.refreshToken(), CLIENT);

        clock.set(START.plus(Duration.ofMinutes(25)).minusMillis(1));
        assertEquals(1, service.listSessions("alice").size());
        clock.advance(Duration.ofMillis(1));
        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void timeoutsBeyondTheServicesAreRefusedAndNothingIsStored() {
        SessionAwareTokenService strict = service(Duration.ofHours(1), Duration.ofHours(24));
        strict.issue("alice", CLIENT, LoginOptions.defaults().withTimeouts(SessionTimeouts.NIST_AAL2));
        store.reset();
        for (SessionTimeouts own : List.of(
                SessionTimeouts.NIST_AAL1,
                new SessionTimeouts(Duration.ofHours(1).plusMillis(1), Duration.ofHours(24)),
                new SessionTimeouts(Duration.ofHours(1), Duration.ofHours(24).plusMillis(1)))) {
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> strict.issue("alice", CLIENT, LoginOptions.defaults().withTimeouts(own)));
            assertTrue(refusal.getMessage().startsWith("timeouts must not be longer than the service's"));
        }
        assertEquals(0, store.calls());
    }

    @Test
    void anIdleTimeoutMustBeLongerThanTheActivityInterval() {
        for (Duration idle : List.of(Duration.ofMillis(1), Duration.ofMinutes(1))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> service.issue(
                            "alice",
                            CLIENT,
                            LoginOptions.defaults().withTimeouts(new SessionTimeouts(idle, Duration.ofHours(1)))));
        }
    }

    @Test
    void aShorterPolicyAppliesToLoginsWithTimeoutsOfTheirOwn() {
        service.issue("alice", CLIENT, LoginOptions.defaults().withTimeouts(SessionTimeouts.NIST_AAL2));
        SessionAwareTokenService stricter = service(Duration.ofMinutes(5), Duration.ofMinutes(30));

        clock.set(START.plus(Duration.ofMinutes(5)).minusMillis(1));
        assertEquals(1, stricter.listSessions("alice").size());
        clock.advance(Duration.ofMillis(1));
        assertEquals(List.of(), stricter.listSessions("alice"));
        assertEquals(1, service.listSessions("alice").size());
    }

    @Test
    void theNistTimeoutsHaveTheFiguresOfNist() {
        assertEquals(
                List.of(
                        new SessionTimeouts(Duration.ofDays(30), Duration.ofDays(30)),
                        new SessionTimeouts(Duration.ofHours(1), Duration.ofDays(1)),
                        new SessionTimeouts(Duration.ofMinutes(15), Duration.ofHours(12))),
                List.of(SessionTimeouts.NIST_AAL1, SessionTimeouts.NIST_AAL2, SessionTimeouts.NIST_AAL3));
    }

    @Test
    void timeoutsOutOfRangeAreRefused() {
        Duration hour = Duration.ofHours(1);
        for (Runnable bad : List.<Runnable>of(
                () -> new SessionTimeouts(Duration.ZERO, hour),
                () -> new SessionTimeouts(hour.plusMillis(1), hour),
                () -> new SessionTimeouts(hour, Duration.ofDays(3651)),
                () -> new SessionTimeouts(hour.negated(), hour))) {
            assertThrows(IllegalArgumentException.class, bad::run);
        }
    }

    @Test
    void aSessionKnowsWhenAndHowItsUserWasAuthenticated() {
        IssuedTokens login =
                service.issue("alice", CLIENT, LoginOptions.defaults().withAuthenticationMethods("pwd", "otp"));

        assertEquals(
                new Authentication(START, List.of("pwd", "otp")),
                service.validate(login.accessToken()).session().authentication());
        assertEquals(
                new Authentication(START, List.of()),
                service.issue("alice", CLIENT).session().authentication());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "caf\u00e9", "nul\0", "line\n", "\ud83d\ude00"})
    void authenticationMethodsOfAnotherFormAreRefused(String method) {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> LoginOptions.defaults().withAuthenticationMethods("pwd", method));

        assertTrue(refusal.getMessage().startsWith("authentication methods must be printable ASCII"));
    }

    @Test
    void nullIsRefusedByName() {
        assertEquals("methods", nameOf(() -> LoginOptions.defaults().withAuthenticationMethods((String[]) null)));
        assertEquals(
                "methods must not contain null",
                nameOf(() -> LoginOptions.defaults().withAuthenticationMethods("pwd", null)));
        assertEquals("timeouts", nameOf(() -> LoginOptions.defaults().withTimeouts(null)));
        assertEquals("claims", nameOf(() -> LoginOptions.defaults().withClaims(null)));
        assertEquals("category", nameOf(() -> LoginOptions.defaults().withCategory(null)));
        assertEquals("attributes", nameOf(() -> LoginOptions.defaults().withAttributes(null)));
        assertEquals("options", nameOf(() -> service.issue("alice", CLIENT, null)));
    }

    private static String nameOf(Runnable call) {
        return assertThrows(NullPointerException.class, call::run).getMessage();
    }

    @Test
    void authenticationMethodsAreLimitedTogether() {
        LoginOptions.defaults().withAuthenticationMethods("x".repeat(127), "y".repeat(127));

        assertThrows(
                IllegalArgumentException.class,
                () -> LoginOptions.defaults().withAuthenticationMethods("x".repeat(127), "y".repeat(128)));
    }

    @Test
    void optionsAreCopiedAndEachPartIsSetAlone() {
        Map<String, Object> claims = new HashMap<>(Map.of("role", "admin"));
        LoginOptions options = SHORT.withClaims(claims).withAuthenticationMethods("pwd");
        claims.put("role", "changed");

        assertEquals(Map.of("role", "admin"), options.claims());
        assertEquals(SHORT.timeouts(), options.timeouts());
        assertEquals(List.of("pwd"), options.authentication(Instant.EPOCH).methods());
        assertEquals(Map.of(), SHORT.claims());
    }

    @Test
    void categoryAndAttributesAreStoredListedAndKeptThroughARefresh() {
        Map<String, String> attributes = new HashMap<>(Map.of("tenant", "blue", "ticket", ""));
        LoginOptions options = LoginOptions.defaults().withCategory("support").withAttributes(attributes);
        attributes.put("tenant", "red");
        Map<String, String> expected = Map.of("tenant", "blue", "ticket", "");

        IssuedTokens login = service.issue("alice", CLIENT, options);
        IssuedTokens next = service.refresh(login.refreshToken(), CLIENT);

        for (Session shown : List.of(
                login.session(),
                next.session(),
                service.validate(next.accessToken()).session(),
                service.listSessions("alice").get(0))) {
            assertEquals(List.of("support", expected), List.of(shown.category(), shown.attributes()));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> shown.attributes().clear());
        }
        assertEquals(expected, store.list("alice").get(0).attributes());
    }

    @Test
    void anAttributeIsAddedToTheOthersOrReplacesTheOneOfItsName() {
        LoginOptions options = LoginOptions.defaults()
                .withAttribute("theme", "dark")
                .withAttribute("till", "7")
                .withAttribute("theme", "light");

        assertEquals(
                Map.of("theme", "light", "till", "7"),
                service.issue("alice", ClientInfo.unknown(), options).session().attributes());
        assertEquals("name", nameOf(() -> options.withAttribute(null, "x")));
        assertEquals("value", nameOf(() -> options.withAttribute("x", null)));
        assertThrows(IllegalArgumentException.class, () -> options.withAttribute("two words", "x"));
    }

    @Test
    void aPlainLoginIsADeviceWithoutAttributes() {
        Session session = service.issue("alice", CLIENT).session();

        assertEquals(List.of("device", Map.of()), List.of(session.category(), session.attributes()));
    }

    /** {@link SessionRecordTest} has the rules. */
    @Test
    void categoryAndAttributesOutOfBoundsAreRefusedBeforeTheLoginWithTheRule() {
        Map<Runnable, String> refused = new LinkedHashMap<>();
        refused.put(
                () -> LoginOptions.defaults().withCategory("Device"),
                "category must be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter");
        refused.put(
                () -> LoginOptions.defaults().withCategory("x".repeat(33)),
                "category must be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter");
        refused.put(
                () -> LoginOptions.defaults().withAttributes(Map.of("name", "x".repeat(2045))),
                "attributes must have at most 2048 characters, names and values together, had 2049");
        refused.put(
                () -> LoginOptions.defaults()
                        .withAttributes(IntStream.range(0, 17)
                                .boxed()
                                .collect(Collectors.toMap(i -> "name" + i, i -> "value"))),
                "attributes must have at most 16 entries, had 17");
        refused.put(
                () -> LoginOptions.defaults().withAttributes(Map.of("two words", "x")),
                "attributes must have names of 1 to 64 printable ASCII characters without spaces");
        refused.put(
                () -> LoginOptions.defaults().withAttributes(Map.of("note", "a\0")),
                "attributes must not contain control characters or lone surrogates: look at \"note\"");

        refused.forEach((call, rule) -> assertEquals(
                rule, assertThrows(IllegalArgumentException.class, call::run).getMessage()));

        LoginOptions longest =
                LoginOptions.defaults().withCategory("x".repeat(32)).withAttributes(Map.of("name", "x".repeat(2044)));
        assertEquals(0, store.calls());
        assertEquals(
                "x".repeat(32),
                service.issue("alice", CLIENT, longest).session().category());
    }

    private void assertRefused(Reason reason, String token, String why) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> service.validate(token));
        assertEquals(reason, refusal.reason(), why);
    }
}
