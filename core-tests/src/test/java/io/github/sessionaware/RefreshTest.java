package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh tokens on one node: their form, cost and settings, clocks that differ, and records that others wrote. */
class RefreshTest {
    private static final String SECRET = "A".repeat(43);
    private static final String ID = "B".repeat(24);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aServiceOn(store)
            .clock(clock)
            .refreshTokens(TestService.refreshSecret())
            .build();

    @Test
    void aServiceWithoutRefreshTokensIssuesNoneAndRefusesToRefresh() {
        SessionAwareTokenService plain = aServiceOn(store).clock(clock).build();

        IssuedTokens issued = plain.issue("alice", ClientInfo.unknown());

        assertNull(issued.refreshToken());
        assertNull(issued.session().refreshState());
        assertThrows(IllegalStateException.class, () -> plain.refresh("anything", ClientInfo.unknown()));
    }

    @Test
    void aSessionFromBeforeRefreshTokensCannotBeRefreshed() {
        Session session = aServiceOn(store)
                .clock(clock)
                .build()
                .issue("alice", ClientInfo.unknown())
                .session();

        assertRefused(Reason.NOT_OURS, session.id() + "~" + SECRET + "~" + SECRET);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n"})
    void aMissingTokenCostsNoStoreCall(String token) {
        assertRefused(Reason.MISSING, token);
        assertEquals(0, store.calls());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "~~",
                "BBBBBBBBBBBBBBBBBBBBBBBB~AAAA~AAAA",
                "\0",
                "\uD800",
                "' or 1=1 --",
                "BBBBBBBBBBBBBBBBBBBBBBBB~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA~AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void aMalformedTokenCostsNoStoreCall(String token) {
        assertRefused(Reason.MALFORMED, token);
        assertRefused(Reason.MALFORMED, token.repeat(100_000 / token.length()));
        assertEquals(0, store.calls());
    }

    @Test
    void accessTokensAndRefreshTokensCannotBeInterchanged() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        store.reset();

        assertRefused(Reason.MALFORMED, issued.accessToken());
        assertEquals(
                Reason.MALFORMED,
                assertThrows(InvalidTokenException.class, () -> service.validate(issued.refreshToken()))
                        .reason());

        assertEquals(0, store.calls());
    }

    @Test
    void aRetryInAnOldSessionGivesTheSameSuccessor() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        clock.advance(Duration.ofHours(1));
        IssuedTokens r2 = service.refresh(r1.refreshToken(), ClientInfo.unknown());
        clock.advance(Duration.ofHours(1));
        IssuedTokens r3 = service.refresh(r2.refreshToken(), ClientInfo.unknown());
        clock.advance(Duration.ofSeconds(9));

        IssuedTokens again = service.refresh(r2.refreshToken(), ClientInfo.unknown());

        assertEquals(r3.refreshToken(), again.refreshToken());
    }

    @Test
    void aClockThatIsBehindOpensNoGraceWindow() {
        SessionAwareTokenService strict = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refreshGraceWindow(Duration.ZERO)
                .build();
        IssuedTokens r1 = strict.issue("alice", ClientInfo.unknown());
        strict.refresh(r1.refreshToken(), ClientInfo.unknown());
        clock.set(START.minusMillis(1));

        InvalidTokenException refusal = assertThrows(
                InvalidTokenException.class, () -> strict.refresh(r1.refreshToken(), ClientInfo.unknown()));
        assertEquals(Reason.REFRESH_TOKEN_REUSED, refusal.reason());
    }

    @Test
    void aTokenOfAnotherServiceOnTheSameStoreIsRefusedAndEndsNothing() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        for (SessionAwareTokenServiceBuilder other : List.of(
                aServiceOn(store).refreshTokens(TestService.refreshSecret()).issuer("https://wiki.example"),
                aServiceOn(store).refreshTokens(TestService.refreshSecret()).audience("https://api.example"),
                aServiceOn(store).refreshTokens("another secret of 32 bytes or so".getBytes(UTF_8)))) {
            InvalidTokenException refusal = assertThrows(
                    InvalidTokenException.class,
                    () -> other.clock(clock).build().refresh(issued.refreshToken(), ClientInfo.unknown()));
            assertEquals(Reason.NOT_OURS, refusal.reason());
        }
        service.refresh(issued.refreshToken(), ClientInfo.unknown());
    }

    @Test
    void aWeakSecretIsRefused() {
        SessionAwareTokenServiceBuilder builder = aServiceOn(store);

        assertThrows(NullPointerException.class, () -> builder.refreshTokens(null));
        assertThrows(IllegalArgumentException.class, () -> builder.refreshTokens(TestKeys.secret(31)));
        assertThrows(IllegalArgumentException.class, () -> builder.refreshTokens(new byte[32]));
    }

    /** One leaked secret must not forge both kinds of token. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theSecretOfASigningKeyIsRefused(int zerosBehindIt) {
        byte[] secret = TestKeys.secret(40);
        SigningKey key = SigningKey.hmac256(secret);
        SigningKey other = SigningKey.hmac256(TestKeys.secret(41)).withKeyId("other");
        byte[] refreshSecret = Arrays.copyOf(secret, secret.length + zerosBehindIt);

        for (SessionAwareTokenServiceBuilder builder : List.of(
                aServiceOn(store).signingKey(key),
                aServiceOn(store, () -> KeyRing.of(key)),
                aServiceOn(store, () -> KeyRing.of(other, key.verificationKey())))) {
            String message = assertThrows(
                            IllegalStateException.class,
                            () -> builder.refreshTokens(refreshSecret).build())
                    .getMessage();
            assertTrue(message.startsWith("refreshTokens(...) was given the secret of a signing key"), message);
        }
    }

    @Test
    void aLaterRingWithTheSecretOfTheRefreshTokensIsRefused() {
        KeyRing good = KeyRing.of(SigningKey.hmac256(TestKeys.secret(41)).withKeyId("good"));
        KeyRing bad = good.with(
                SigningKey.hmac256(TestService.refreshSecret()).withKeyId("bad").verificationKey());
        AtomicReference<KeyRing> ring = new AtomicReference<>(good);
        SessionAwareTokenService service = aServiceOn(store, ring::get)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        ring.set(bad);
        for (Executable call : List.<Executable>of(
                () -> service.validate(issued.accessToken()),
                () -> service.validate(issued.accessToken()),
                () -> service.issue("alice", ClientInfo.unknown()),
                () -> service.refresh(issued.refreshToken(), ClientInfo.unknown()))) {
            String message = assertThrows(IllegalStateException.class, call).getMessage();
            assertTrue(message.startsWith("refreshTokens(...) was given the secret of a signing key"), message);
        }

        ring.set(good);
        assertEquals("alice", service.validate(issued.accessToken()).userId());
    }

    @Test
    void wipingTheSecretAfterwardsChangesNothing() {
        byte[] secret = TestService.refreshSecret();
        SessionAwareTokenServiceBuilder builder =
                aServiceOn(new ReferenceStore()).refreshTokens(secret);
        Arrays.fill(secret, (byte) 0);
        ReferenceStore shared = new ReferenceStore();
        IssuedTokens issued = builder.sessionStore(shared).build().issue("alice", ClientInfo.unknown());

        SessionAwareTokenService other =
                aServiceOn(shared).refreshTokens(TestService.refreshSecret()).build();

        assertEquals(
                issued.session().id(),
                other.refresh(issued.refreshToken(), ClientInfo.unknown())
                        .session()
                        .id());
    }

    /** An attacker who can write to the table knows the hash function, but not its key. */
    @Test
    void aForgedRecordFitsNoToken() throws Exception {
        String hash = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(SECRET.getBytes(UTF_8)));
        store.create(new Session(
                ID,
                "admin",
                ClientInfo.unknown(),
                null,
                START,
                START,
                START.plusSeconds(60),
                new Authentication(START, List.of()),
                null,
                "1." + hash + "." + hash + "...0"));

        assertRefused(Reason.NOT_OURS, ID + "~" + SECRET + "~" + SECRET);
    }

    @Test
    void aWellFormedGuessCostsOneRead() {
        assertRefused(Reason.SESSION_ENDED, ID + "~" + SECRET + "~" + SECRET);

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
    }

    @Test
    void aRefreshCostsOneReadAndOneWriteAndItsRetryOneRead() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        store.reset();

        service.refresh(issued.refreshToken(), ClientInfo.unknown());
        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
        store.reset();

        service.refresh(issued.refreshToken(), ClientInfo.unknown());
        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
    }

    @Test
    void claimsAreComputedForEachRefresh() {
        SessionAwareTokenService withRoles = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refreshedClaims(session -> Map.of("role", "reader of " + session.userId()))
                .build();
        IssuedTokens issued =
                service.issue("alice", ClientInfo.unknown(), LoginOptions.none().withClaims(Map.of("role", "admin")));

        IssuedTokens plain = service.refresh(issued.refreshToken(), ClientInfo.unknown());
        IssuedTokens next = withRoles.refresh(plain.refreshToken(), ClientInfo.unknown());

        assertTrue(
                service.validate(plain.accessToken()).token().getClaim("role").isMissing());
        assertEquals(
                "reader of alice",
                service.validate(next.accessToken()).token().getClaim("role").asString());
    }

    @Test
    void refusedClaimsDoNotUseUpTheToken() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());
        for (Map<String, ?> bad : List.of(Map.of("sub", "root"), Map.of("big", "x".repeat(9_000)))) {
            SessionAwareTokenService broken = aServiceOn(store)
                    .clock(clock)
                    .refreshTokens(TestService.refreshSecret())
                    .refreshedClaims(session -> bad)
                    .build();
            assertThrows(
                    IllegalArgumentException.class, () -> broken.refresh(issued.refreshToken(), ClientInfo.unknown()));
        }
        clock.advance(Duration.ofDays(1));

        service.refresh(issued.refreshToken(), ClientInfo.unknown());
    }

    @Test
    void aTokenCanBeUsedAgainAfterTheAnswerOfTheStoreWasLost() {
        SessionAwareTokenService flaky = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean replace(Session seen, Session next) {
                        super.replace(seen, next);
                        throw new SessionStoreException("the answer was lost");
                    }
                })
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        assertThrows(SessionStoreException.class, () -> flaky.refresh(issued.refreshToken(), ClientInfo.unknown()));

        service.refresh(
                service.refresh(issued.refreshToken(), ClientInfo.unknown()).refreshToken(), ClientInfo.unknown());
    }

    @Test
    void aRotationThatTheStoreNeverAcceptsFails() {
        SessionAwareTokenService stuck = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public boolean replace(Session seen, Session next) {
                        return false;
                    }
                })
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        assertThrows(SessionStoreException.class, () -> stuck.refresh(issued.refreshToken(), ClientInfo.unknown()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.something.newer", "1.a.b.c.d.SECRET", "1.a.b.c.d.", "1.a.b.c.d.99999999999999999999"})
    void aRecordOfAnotherReleaseIsAFailureOfTheStoreAndEndsNothing(String state) {
        Session session = new Session(
                ID,
                "alice",
                ClientInfo.unknown(),
                null,
                START,
                START,
                START.plusSeconds(60),
                new Authentication(START, List.of()),
                null,
                state);
        store.create(session);

        assertThrows(
                SessionStoreException.class,
                () -> service.refresh(ID + "~" + SECRET + "~" + SECRET, ClientInfo.unknown()));
        assertEquals(List.of(session), service.listSessions("alice"));
    }

    @Test
    void aClockThatIsBehindNeitherMovesActivityBackNorTakesARetryForReuse() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        clock.set(START.minusSeconds(30));

        IssuedTokens r2 = service.refresh(r1.refreshToken(), ClientInfo.unknown());
        assertEquals(START, r2.session().lastActiveAt());
        clock.set(START.minusSeconds(40).plusMillis(1));

        assertEquals(
                r2.refreshToken(),
                service.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken());
    }

    /** Otherwise a node whose clock is an hour ahead would keep the old token valid for an hour. */
    @Test
    void aClockThatIsBehindByMoreThanTheWindowRefusesARetryAndEndsNothing() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        IssuedTokens r2 = service.refresh(r1.refreshToken(), ClientInfo.unknown());
        clock.set(START.minusSeconds(10));

        assertRefused(Reason.NOT_OURS, r1.refreshToken());
        clock.set(START);
        service.refresh(r2.refreshToken(), ClientInfo.unknown());
    }

    /**
     * Someone who can write to the table can give neither their record to a user nor a user's record to their token.
     */
    @Test
    void aRefreshStateIsBoundToItsSessionAndItsUser() {
        IssuedTokens mallorys = service.issue("mallory", ClientInfo.unknown());
        Session own = mallorys.session();
        String refreshState = own.refreshState();
        Session admins = service.issue("admin", ClientInfo.unknown()).session();
        store.replace(admins, withState(admins, admins.userId(), refreshState));
        String[] parts = mallorys.refreshToken().split("~", -1);

        assertRefused(Reason.NOT_OURS, admins.id() + "~" + parts[1] + "~" + parts[2]);
        assertEquals(1, service.listSessions("admin").size());

        store.delete("mallory", own.id());
        store.create(withState(own, "admin", refreshState));
        assertRefused(Reason.NOT_OURS, mallorys.refreshToken());
    }

    @Test
    void anEditedRecordDoesNotReviveAUsedToken() {
        for (Function<String[], String> edit : List.<Function<String[], String>>of(
                state -> String.join(".", state[0], state[1], state[3], state[2], state[4], state[5]),
                state -> String.join(".", state[0], state[1], state[3], state[3], state[4], state[5]),
                state -> String.join(".", state[0], state[1], state[2], state[3], state[4], "" + later()))) {
            IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
            Session seen =
                    service.refresh(r1.refreshToken(), ClientInfo.unknown()).session();
            clock.set(START.plusSeconds(20));
            String[] state = seen.refreshState().split("\\.", -1);
            assertTrue(store.replace(seen, withState(seen, "alice", edit.apply(state))));

            assertRefused(Reason.REFRESH_TOKEN_REUSED, r1.refreshToken());
            clock.set(START);
        }
    }

    private static long later() {
        return START.plusSeconds(20).toEpochMilli();
    }

    private static Session withState(Session session, String userId, String refreshState) {
        return new Session(
                session.id(),
                userId,
                session.client(),
                session.label(),
                session.createdAt(),
                session.lastActiveAt(),
                session.expiresAt(),
                session.authentication(),
                session.timeouts(),
                refreshState);
    }

    @Test
    void slowSigningDoesNotUseUpTheGraceWindow() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        SessionAwareTokenService slow = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .refreshedClaims(session -> {
                    clock.set(START.plusSeconds(11));
                    return Map.of();
                })
                .build();

        IssuedTokens r2 = slow.refresh(r1.refreshToken(), ClientInfo.unknown());

        assertEquals(
                r2.refreshToken(),
                service.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken());
    }

    /** The other call rotates later than this call began, by more than clocks may differ. */
    @Test
    void aCallThatWaitedWhileAnotherRotatedGetsTheSameSuccessor() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        AtomicReference<IssuedTokens> r2 = new AtomicReference<>();
        SessionAwareTokenService slow = aServiceThatWaits(() -> {
            clock.set(START.plusSeconds(30));
            r2.set(service.refresh(r1.refreshToken(), ClientInfo.unknown()));
        });

        assertEquals(
                slow.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken(),
                r2.get().refreshToken());
    }

    /** Otherwise a call that waits for the store longer than the window would use it up. */
    @Test
    void theGraceWindowBeginsWhenTheTokenIsReplaced() {
        IssuedTokens r1 = service.issue("alice", ClientInfo.unknown());
        SessionAwareTokenService slow = aServiceThatWaits(() -> clock.set(START.plusSeconds(11)));
        IssuedTokens r2 = slow.refresh(r1.refreshToken(), ClientInfo.unknown());

        assertEquals(
                r2.refreshToken(),
                service.refresh(r1.refreshToken(), ClientInfo.unknown()).refreshToken());
    }

    /** Its store is slow: something else happens before each read. */
    private SessionAwareTokenService aServiceThatWaits(Runnable meanwhile) {
        return aServiceOn(new StoreWrapper(store) {
                    @Override
                    public Optional<Session> find(String sessionId) {
                        meanwhile.run();
                        return super.find(sessionId);
                    }
                })
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
    }

    @Test
    void toStringDoesNotShowTheRefreshToken() {
        IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

        assertFalse(issued.toString().contains(issued.refreshToken()));
        assertFalse(issued.toString().contains(issued.session().refreshState()));
        assertFalse(RefreshToken.parse(issued.refreshToken())
                .toString()
                .contains(issued.refreshToken().substring(30)));
    }

    @Test
    void theGraceWindowIsZeroToSixtySeconds() {
        SessionAwareTokenServiceBuilder builder = aServiceOn(store).refreshTokens(TestService.refreshSecret());
        builder.refreshGraceWindow(Duration.ZERO).build();
        builder.refreshGraceWindow(Duration.ofSeconds(60)).build();

        for (Duration bad :
                List.of(Duration.ofMillis(-1), Duration.ofSeconds(60).plusMillis(1))) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> builder.refreshGraceWindow(bad));
            assertTrue(refusal.getMessage().contains("0 to 60 s"), refusal.getMessage());
        }
        assertThrows(NullPointerException.class, () -> builder.refreshGraceWindow(null));
        assertThrows(NullPointerException.class, () -> builder.refreshedClaims(null));
    }

    @Test
    void settingsOfRefreshTokensNeedRefreshTokens() {
        assertThrows(
                IllegalStateException.class,
                () -> aServiceOn(store).refreshGraceWindow(Duration.ZERO).build());
        assertThrows(
                IllegalStateException.class,
                () -> aServiceOn(store).refreshedClaims(session -> Map.of()).build());
    }

    private void assertRefused(Reason reason, String token) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.refresh(token, ClientInfo.unknown()));
        assertEquals(reason, refusal.reason());
        assertNull(refusal.getCause());
    }
}
