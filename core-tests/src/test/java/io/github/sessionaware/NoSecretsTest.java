package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.CapturedLog;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.TestService;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("All tests of the JVM log to System.err, which this class captures")
class NoSecretsTest {
    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore records = new ReferenceStore();
    private final SessionAwareTokenServiceBuilder builder = aServiceOn(records).clock(clock);
    private final SessionAwareTokenService service = builder.build();
    private final IssuedTokens issued =
            service.issue("alice", ClientInfo.builder().device("Firefox").build());

    @Test
    void noObjectShowsATokenOrASecret() {
        SigningKey key = SigningKey.hmac256(TestService.secret());

        for (Object shown : List.of(
                issued,
                service.validate(issued.accessToken()),
                issued.session(),
                records.list("alice"),
                service.listSessions("alice"),
                VerificationKey.of(JwsAlgorithm.ES256, TestKeys.P256.getPublic()),
                LoginOptions.defaults().withClaims(Map.of("own", issued.accessToken())),
                key,
                key.algorithm(),
                builder,
                service)) {
            assertHarmless(shown.toString());
        }
    }

    @Test
    void toStringStillNamesTheSession() {
        String session = issued.session().toString();

        assertTrue(session.contains(issued.session().id()));
        assertEquals(
                "IssuedTokens[userId=alice, accessToken=(hidden), accessTokenExpiresAt=2026-03-01T10:15:00Z,"
                        + " refreshToken=(hidden), session=" + session + "]",
                issued.toString());
        assertEquals(
                "AuthenticatedSession[userId=alice, session=" + session + ", validatedAt=2026-03-01T10:00:00Z]",
                service.validate(issued.accessToken()).toString());
    }

    @Test
    void noRefusalShowsTheToken() {
        List<Throwable> refusals = new ArrayList<>();
        String token = issued.accessToken();
        for (String refused : List.of(token + "A", token + "=", token.substring(1), "Bearer " + token, token + " ")) {
            refusals.add(assertThrows(InvalidTokenException.class, () -> service.validate(refused)));
        }
        refusals.add(assertThrows(InvalidTokenException.class, () -> BearerToken.from("Bearer " + token + " x")));
        clock.advance(Duration.ofMinutes(15));
        refusals.add(assertThrows(InvalidTokenException.class, () -> service.validate(token)));
        clock.set(START);
        service.revokeAllSessions("alice");
        refusals.add(assertThrows(InvalidTokenException.class, () -> service.validate(token)));

        refusals.forEach(refusal -> assertHarmless(trace(refusal)));
    }

    @Test
    void noFailureOfTheStoreShowsTheToken() {
        SessionAwareTokenService broken = aServiceOn(new StoreWrapper(records) {
                    @Override
                    public Optional<SessionRecord> find(String userId, String sessionId) {
                        throw new IllegalStateException("connection refused");
                    }
                })
                .clock(clock)
                .build();

        assertHarmless(trace(assertThrows(SessionStoreException.class, () -> broken.validate(issued.accessToken()))));
    }

    @Test
    void noMessageRepeatsARefusedArgument() {
        String token = issued.accessToken();
        ClientInfo client = ClientInfo.unknown();
        for (Throwable refusal : List.of(
                assertThrows(IllegalArgumentException.class, () -> service.issue(token + "\0", client)),
                assertThrows(IllegalArgumentException.class, () -> service.listSessions(token.repeat(2))),
                assertThrows(
                        IllegalArgumentException.class,
                        () -> service.issue(
                                "alice", client, LoginOptions.defaults().withClaims(Map.of("sub", token)))),
                assertThrows(
                        IllegalArgumentException.class,
                        () -> service.issue(
                                "alice", client, LoginOptions.defaults().withClaims(Map.of("own", token.repeat(50))))),
                assertThrows(
                        IllegalArgumentException.class,
                        () -> SigningKey.of(JwsAlgorithm.HS512, TestService.secret())))) {
            assertHarmless(trace(refusal));
        }
    }

    @Test
    void nothingIsLoggedUnlessSomethingFails() {
        try (CapturedLog log = new CapturedLog()) {
            IssuedTokens other = service.issue("bob", ClientInfo.unknown());
            clock.advance(Duration.ofMinutes(1));
            service.validate(other.accessToken());
            assertThrows(InvalidTokenException.class, () -> service.validate(other.accessToken() + "A"));
            AuthenticatedSession current = service.validate(other.accessToken());
            service.listSessions(current);
            service.rename(current, current.sessionId(), "tablet");
            service.revokeOthers(current);
            service.reauthenticate(current);
            assertThrows(InvalidTokenException.class, () -> service.validate(other.accessToken()));
            service.revoke(current);
            service.revoke(current, current.sessionId());
            service.revokeAllSessions("bob");
            service.purgeExpiredSessions();

            assertEquals("", log.text());
        }
    }

    @Test
    void theWarningOfAFailedTouchShowsNoToken() {
        SessionAwareTokenService readOnly = aServiceOn(new StoreWrapper(records) {
                    @Override
                    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                        throw new IllegalStateException("read only");
                    }
                })
                .clock(clock)
                .build();
        clock.advance(Duration.ofMinutes(1));

        try (CapturedLog log = new CapturedLog()) {
            readOnly.validate(issued.accessToken());

            assertTrue(log.text().contains("could not record activity"), log.text());
            assertHarmless(log.text());
        }
    }

    /** The listener for the log writes a line for each event, and none of them has what renews the session. */
    @Test
    void neitherTheLogNorARefusalShowsAProofOrAChallenge() {
        SessionAwareTokenService binding = aServiceOn(records)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .listener(SessionListener.logging())
                .build();
        ExperimentalBoundSessions bound = binding.boundSessions();
        TestDevice device = TestDevice.es256();
        IssuedTokens login = binding.issue("alice", ClientInfo.unknown());
        AuthenticatedSession current = binding.validate(login.accessToken());
        String registration = device.registration(bound.registrationChallenge(login));
        try (CapturedLog log = new CapturedLog()) {
            IssuedTokens tokens = bound.bind(current, registration, ClientInfo::unknown);
            String id = bound.identifier(tokens);
            String challenge = bound.nextChallenge(tokens);
            String proof = device.renewal(challenge);
            String forged = TestDevice.es256().renewal(challenge);
            List<SessionAwareJwtException> refusals = new ArrayList<>();
            refusals.add(assertThrows(
                    SessionAwareJwtException.class, () -> bound.bind(current, registration, ClientInfo::unknown)));
            refusals.add(
                    assertThrows(SessionAwareJwtException.class, () -> bound.renew(id, forged, ClientInfo::unknown)));
            bound.renew(id, proof, ClientInfo::unknown);
            refusals.add(
                    assertThrows(SessionAwareJwtException.class, () -> bound.renew(id, proof, ClientInfo::unknown)));
            refusals.add(assertThrows(
                    SessionAwareJwtException.class, () -> binding.refresh(login.refreshToken(), ClientInfo.unknown())));

            StringBuilder shown = new StringBuilder(log.text());
            refusals.forEach(refusal -> shown.append(trace(refusal)));
            shown.append(DeviceProof.withoutKey(proof));
            assertEquals(6, log.text().lines().count(), log.text());
            for (String hidden : List.of(registration, proof, forged, challenge, login.refreshToken())) {
                assertFalse(shown.indexOf(hidden.substring(hidden.length() - 20)) >= 0, shown.toString());
            }
            assertFalse(shown.indexOf(login.session().id()) >= 0, shown.toString());
        }
    }

    @Test
    void aSessionIdAuthenticatesNobody() {
        String id = issued.session().id();

        for (String guess : List.of(id, id + "." + id + "." + id, "Bearer " + id)) {
            assertThrows(InvalidTokenException.class, () -> service.validate(guess));
        }
    }

    private void assertHarmless(String shown) {
        byte[] secret = TestService.secret();
        String token = issued.accessToken();
        for (String hidden : List.of(
                token,
                token.substring(token.lastIndexOf('.') + 1),
                token.substring(token.indexOf('.') + 1, token.lastIndexOf('.')),
                new String(secret, UTF_8),
                HexFormat.of().formatHex(secret),
                Base64.getEncoder().encodeToString(secret))) {
            assertFalse(shown.contains(hidden), () -> "shows " + hidden + " in " + shown);
        }
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
