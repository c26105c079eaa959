package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One stateless token leads to one session, however often it comes, and to none after that session has ended. */
class MigrateOnceTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Instant EXPIRY = START.plus(MONTH);
    private static final ClientInfo CLIENT =
            ClientInfo.builder().device("Firefox on Linux").build();

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final Notifications notifications = new Notifications();
    private final SessionAwareTokenService service = aService(store).build();
    private final String old = old("1");

    @Test
    void aReplayedTokenLeadsToOneRecordAndLocksNobodyOut() {
        IssuedTokens first = migrate();

        for (int replay = 0; replay < 2_000; replay++) {
            assertEquals(first.session().id(), migrate().session().id());
        }

        assertEquals(1, store.list("alice").size());
        assertEquals(List.of(TestSessions.notCurrent(first.session())), service.listSessions("alice"));
        assertEquals(List.of(first.session().id()), notifications.created());
        service.issue("alice", CLIENT);
    }

    @Test
    void everyTokenOfTheSessionIsValid() {
        IssuedTokens first = migrate();
        clock.advance(Duration.ofDays(3));

        IssuedTokens again = service.migrateStateless(
                old, ClientInfo.unknown(), LoginOptions.defaults().withClaims(Map.of("org", "blue")));

        assertNotEquals(first.accessToken(), again.accessToken());
        AuthenticatedSession current = service.validate(again.accessToken());
        assertEquals(first.session().id(), current.sessionId());
        assertEquals(Optional.of("blue"), current.claim("org", String.class));
        assertEquals(CLIENT, current.session().client());
        assertEquals(START, current.session().authentication().time());
        service.validate(first.accessToken());
    }

    @Test
    void migratingCostsOneReadAndTwoWritesAndAReplayTwoReads() {
        SessionAwareTokenService plain = aServiceOn(store)
                .clock(clock)
                .acceptStatelessTokensUntil(EXPIRY)
                .build();

        plain.migrateStateless(old, CLIENT);
        assertCost(1, 2);
        plain.migrateStateless(old, CLIENT);
        assertCost(2, 0);
        plain.revokeSession("alice", service.listSessions("alice").get(0).id());
        store.reset();
        assertThrows(InvalidTokenException.class, () -> plain.migrateStateless(old, CLIENT));
        assertCost(2, 0);
    }

    @Test
    void theRefreshTokenIsGivenOnlyWhileItIsUnused() {
        String first = assertNotNullAndReturn(migrate().refreshToken());
        assertEquals(first, migrate().refreshToken());

        IssuedTokens refreshed = service.refresh(first, CLIENT);

        IssuedTokens again = migrate();
        assertNull(again.refreshToken());
        service.validate(again.accessToken());
        service.refresh(refreshed.refreshToken(), CLIENT);
    }

    @Test
    void twoTokensOfOneUserLeadToTwoSessions() {
        assertNotEquals(
                migrate().session().id(),
                service.migrateStateless(old("2"), CLIENT).session().id());
        assertEquals(2, service.listSessions("alice").size());
    }

    @Test
    void theRefreshTokensOfTwoTokensDiffer() {
        assertNotEquals(
                migrate().refreshToken(),
                service.migrateStateless(old("2"), CLIENT).refreshToken());
    }

    /** An ECDSA signature (r, s) has a twin (r, n - s), which anybody can compute. */
    @Test
    void aSignatureInAnotherSpellingLeadsToTheSameSession() {
        ECPublicKey publicKey = (ECPublicKey) TestKeys.P256.getPublic();
        SigningKey key = SigningKey.of(JwsAlgorithm.ES256, TestKeys.P256).withoutKeyId();
        SessionAwareTokenService ecdsa = aService(store).signingKey(key).build();
        String token = claims("1").sign(Algorithm.ECDSA256(publicKey, (ECPrivateKey) TestKeys.P256.getPrivate()));
        String twin = withOtherSpelling(token, publicKey.getParams().getOrder());

        assertNotEquals(token, twin);
        assertEquals(
                ecdsa.migrateStateless(token, CLIENT).session().id(),
                ecdsa.migrateStateless(twin, CLIENT).session().id());
        assertEquals(1, store.list("alice").size());
    }

    @ParameterizedTest
    @EnumSource
    void afterTheSessionHasEndedTheTokenLeadsToNoneUntilItExpires(End how) {
        IssuedTokens migrated = migrate();
        String id = migrated.session().id();
        clock.advance(Duration.ofMinutes(1));

        end(migrated, how);

        for (int replay = 0; replay < 3; replay++) {
            assertRefused(Reason.SESSION_ENDED);
        }
        assertRefusedToken(Reason.SESSION_ENDED, migrated);
        assertFalse(service.isLive("alice", id));
        assertFalse(service.recordActivity("alice", id));
        assertFalse(service.revokeSession("alice", id));
        assertFalse(service.renameSession("alice", id, "phone"));
        assertTrue(service.listSessions("alice").stream()
                .noneMatch(session -> session.id().equals(id)));
        assertEquals(1, notifications.ended().stream().filter(id::equals).count());
        clock.set(EXPIRY.minusMillis(1));
        assertRefused(Reason.SESSION_ENDED);
        clock.set(EXPIRY);
        assertRefused(Reason.EXPIRED);
    }

    @Test
    void aMarkerCountsForNoLimitAndNoCallForTheUserSeesIt() {
        SessionAwareTokenService limited = aService(store)
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .build();
        migrate();
        assertEquals(1, service.revokeAllSessions("alice"));
        assertEquals(List.of(), store.list("alice"));

        IssuedTokens login = limited.issue("alice", CLIENT);

        assertEquals(List.of(TestSessions.notCurrent(login.session())), limited.listSessions("alice"));
        assertEquals(0, service.revokeOtherSessions("alice", login.session().id()));
        assertEquals(1, service.revokeSessionsCreatedBefore("alice", START.plusSeconds(1)));
        assertRefused(Reason.SESSION_ENDED);
        assertEquals(2, notifications.ended().size());
    }

    /** A user whom the application calls like the owner of a marker. */
    @Test
    void aMarkerIsNoSessionOfItsOwner() {
        migrate();
        SessionRecord marker = marker();

        assertEquals(List.of(), service.listSessions(marker.userId()));
        assertFalse(service.isLive(marker.userId(), marker.id()));
        assertEquals(0, service.revokeAllSessions(marker.userId()));
    }

    /** A login deletes the expired records of its user, and a marker counts as expired. */
    @Test
    void nobodyLogsInAsTheOwnerOfAMarker() {
        migrate();
        service.revokeAllSessions("alice");

        String message = assertThrows(IllegalArgumentException.class, () -> service.issue(marker().userId(), CLIENT))
                .getMessage();

        assertTrue(message.contains("stateless-token:"), message);
        assertRefused(Reason.SESSION_ENDED);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aMarkerIsPurgedADayAfterNoServiceAcceptsItsToken(int millis) {
        migrate();
        service.revokeAllSessions("alice");
        SessionRecord marker = marker();
        clock.set(EXPIRY.plus(Duration.ofDays(1)).plusSeconds(60).plusMillis(millis));

        assertEquals(millis < 0 ? 0 : 1, service.purgeExpiredSessions());

        assertEquals(millis < 0, store.find(marker.userId(), marker.id()).isPresent());
    }

    /** Some issuers mean "never". */
    @Test
    void aTokenOfTheYear9999LeadsToOneSession() {
        String forever = claims("1")
                .withExpiresAt(Instant.parse("9999-12-31T23:59:59Z"))
                .sign(Algorithm.HMAC256(TestService.secret()));
        SessionAwareTokenService service = aServiceOn(store)
                .clock(clock)
                .acceptStatelessTokensUntil(Instant.MAX)
                .build();
        service.migrateStateless(forever, CLIENT);
        service.revokeAllSessions("alice");

        assertEquals(
                Reason.SESSION_ENDED,
                assertThrows(InvalidTokenException.class, () -> service.migrateStateless(forever, CLIENT))
                        .reason());
    }

    @Test
    void afterARenewedAuthenticationTheTokenLeadsToNoSession() {
        IssuedTokens renewed = service.reauthenticate(service.validate(migrate().accessToken()));

        assertRefused(Reason.OTHER_GENERATION);

        service.validate(renewed.accessToken());
    }

    @Test
    void afterItsSessionHasExpiredTheTokenLeadsToNoneAlsoAfterAPurge() {
        SessionAwareTokenService brief = aService(store)
                .idleTimeout(Duration.ofHours(1))
                .absoluteTimeout(MONTH)
                .build();
        IssuedTokens migrated = brief.migrateStateless(old, CLIENT);
        clock.set(migrated.session().expiresAt().minusMillis(1));
        brief.migrateStateless(old, CLIENT);
        clock.set(migrated.session().expiresAt());

        assertRefused(Reason.SESSION_EXPIRED, brief);
        clock.advance(Duration.ofDays(1));
        assertEquals(1, brief.purgeExpiredSessions());
        assertRefused(Reason.SESSION_ENDED, brief);
    }

    @Test
    void theSessionOfAnotherUserIsNotFoundByTheSameId() {
        IssuedTokens alices = migrate();

        assertFalse(service.isLive("bob", alices.session().id()));
        assertFalse(service.revokeSession("bob", alices.session().id()));
        service.validate(alices.accessToken());
        assertEquals(1, store.list("alice").size());
        assertEquals(List.of(), store.list("bob"));
    }

    /** Another node stores the session between the look and the write of this one. */
    @Test
    void aMigrationThatAnotherNodeOvertakesReturnsTheSameSession() {
        SessionAwareTokenService overtaken = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        service.migrateStateless(old, CLIENT);
                        return super.create(session, admission);
                    }
                })
                .build();

        IssuedTokens tokens = overtaken.migrateStateless(old, CLIENT);

        assertEquals(1, notifications.created().size());
        assertEquals(
                service.validate(tokens.accessToken()).sessionId(),
                notifications.created().get(0));
        service.refresh(tokens.refreshToken(), CLIENT);
    }

    @Test
    void aMigrationThatAnotherNodeOvertakesAndRevokesIsRefused() {
        SessionAwareTokenService overtaken = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        service.migrateStateless(old, CLIENT);
                        service.revokeAllSessions("alice");
                        return super.create(session, admission);
                    }
                })
                .build();

        assertEquals(
                Reason.SESSION_ENDED,
                assertThrows(InvalidTokenException.class, () -> overtaken.migrateStateless(old, CLIENT))
                        .reason());
    }

    @Test
    void ifTheStoreFailsTheMigrationFailsAndMayBeRepeated() {
        SessionAwareTokenService failing = aService(new StoreWrapper(store) {
                    @Override
                    protected void beforeWrite() {
                        throw new SessionStoreException("down");
                    }
                })
                .build();

        assertThrows(SessionStoreException.class, () -> failing.migrateStateless(old, CLIENT));

        migrate();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMigrationWhoseAnswerWasLostLeavesOneSession(boolean ofTheMarker) {
        SessionAwareTokenService flaky = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        Optional<List<SessionRecord>> created = super.create(session, admission);
                        if (ofTheMarker != session.userId().equals("alice")) {
                            throw new SessionStoreException("timeout");
                        }
                        return created;
                    }
                })
                .build();

        if (ofTheMarker) {
            flaky.migrateStateless(old, CLIENT);
        } else {
            assertThrows(SessionStoreException.class, () -> flaky.migrateStateless(old, CLIENT));
        }

        migrate();
        assertEquals(1, service.listSessions("alice").size());
    }

    /** The session is stored, and its marker is not. The caller of the first migration got no token. */
    @Test
    void ifTheMarkerCannotBeStoredTheNextCallUsesTheSameSession() {
        SessionAwareTokenService failing = withoutMarkers();

        assertThrows(SessionStoreException.class, () -> failing.migrateStateless(old, CLIENT));

        String stored = service.listSessions("alice").get(0).id();
        assertEquals(stored, migrate().session().id());
        assertEquals(stored, migrate().session().id());
        service.revokeAllSessions("alice");
        assertRefused(Reason.SESSION_ENDED);
    }

    /** Otherwise the second of two requests would end the session of the first at a limit of one. */
    @Test
    void twoMigrationsAtTheSameTimeEndNoSessionAtALimit() {
        SessionLimit one = new SessionLimit(1, AtLimit.END_OLDEST);
        SessionAwareTokenService first = aService(store).sessionLimit(one).build();
        SessionAwareTokenService second = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        if (session.userId().equals("alice")) {
                            first.migrateStateless(old, CLIENT);
                        }
                        return super.create(session, admission);
                    }
                })
                .sessionLimit(one)
                .build();

        service.validate(second.migrateStateless(old, CLIENT).accessToken());

        assertEquals(List.of(), notifications.ended());
    }

    /** A new session would have the first one's id, if the id were computed from the token alone. */
    @Test
    void aMigrationThatWasUnderWayDuringARevokeRevivesNoToken() {
        IssuedTokens[] revoked = new IssuedTokens[1];
        SessionAwareTokenService slow = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        if (session.userId().equals("alice")) {
                            revoked[0] = migrate();
                            service.revokeAllSessions("alice");
                        }
                        Optional<List<SessionRecord>> created = super.create(session, admission);
                        assertRefusedToken(Reason.SESSION_ENDED, revoked[0]);
                        return created;
                    }
                })
                .build();

        assertRefused(Reason.SESSION_ENDED, slow);

        assertRefusedToken(Reason.SESSION_ENDED, revoked[0]);
        assertEquals(List.of(), store.list("alice"));
    }

    /** While this call stores its session, a revoke ends that, and another request migrates the token. */
    @Test
    void aMigrationThatIsOvertakenTwiceReturnsTheLivingSession() {
        SessionAwareTokenService slow = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        if (!session.userId().equals("alice")) {
                            service.revokeAllSessions("alice");
                            migrate();
                        }
                        return super.create(session, admission);
                    }
                })
                .build();

        AuthenticatedSession current =
                service.validate(slow.migrateStateless(old, CLIENT).accessToken());

        assertEquals(
                List.of(current.sessionId()),
                service.listSessions("alice").stream().map(Session::id).toList());
    }

    /** The other call's session is seen, and is gone a moment later. That call never stores its marker. */
    @Test
    void aMigrationThatFindsASessionThatEndsIsRefused() {
        SessionAwareTokenService failing = withoutMarkers();
        SessionAwareTokenService late = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        assertThrows(SessionStoreException.class, () -> failing.migrateStateless(old, CLIENT));
                        Optional<List<SessionRecord>> refused = super.create(session, admission);
                        service.revokeAllSessions("alice");
                        return refused;
                    }
                })
                .build();

        assertRefused(Reason.SESSION_ENDED, late);
    }

    @Test
    void aSessionWithALaterAuthenticationIsFoundAlsoWhenTheTokenIsOld() {
        SessionAwareTokenService brief = aService(store).absoluteTimeout(MONTH).build();
        String years = claims("1")
                .withExpiresAt(START.plus(Duration.ofDays(90)))
                .sign(Algorithm.HMAC256(TestService.secret()));
        clock.set(START.plus(Duration.ofDays(20)));
        IssuedTokens first =
                brief.migrateStateless(years, CLIENT, LoginOptions.defaults().withAuthenticatedAt(clock.instant()));
        clock.set(EXPIRY.plusSeconds(1));

        assertEquals(
                first.session().id(),
                brief.migrateStateless(years, CLIENT).session().id());
    }

    @Test
    void whileTheRefreshTokenIsUnusedAReplayIsARetry() {
        ClientInfo thief = ClientInfo.builder().device("Chrome on Windows").build();
        SessionAwareTokenService strict =
                aService(store).refuseRetriesFromAnother(Novelty.DEVICE).build();
        IssuedTokens first = strict.migrateStateless(old, CLIENT);

        assertRefused(Reason.RETRY_FROM_ELSEWHERE, strict, thief);
        assertEquals(first.refreshToken(), service.migrateStateless(old, thief).refreshToken());

        assertEquals(1, notifications.retriesRefused());
        assertEquals(1, notifications.retries());
        strict.refresh(first.refreshToken(), CLIENT);
        assertNull(strict.migrateStateless(old, thief).refreshToken());
    }

    /** Another program has written to the table. */
    @Test
    void aMarkerThatNamesNoSessionOfItsTokenLeadsToNone() {
        String own = migrate().session().id();
        String other = service.issue("alice", CLIENT).session().id();
        SessionAwareTokenService strict = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<SessionRecord> find(String userId, String sessionId) {
                        assertTrue(SessionIds.isWellFormed(sessionId), sessionId);
                        return super.find(userId, sessionId);
                    }
                })
                .build();
        for (String named : List.of(other, own + "'", own.substring(0, 32) + "' or 1=1", "")) {
            SessionRecord marker = marker();
            store.replace(
                    marker, marker.next().attributes(Map.of("session", named)).build());
            assertRefused(Reason.SESSION_ENDED, strict);
        }
    }

    @Test
    void aMarkerHoldsOnlyTheIdOfTheSession() {
        IssuedTokens migrated =
                service.migrateStateless(old, CLIENT, LoginOptions.defaults().withAttributes(Map.of("org", "blue")));

        SessionRecord marker = marker();
        assertEquals(ClientInfo.unknown(), marker.client());
        assertEquals(Map.of("session", migrated.session().id()), marker.attributes());
        assertNull(marker.refreshState());
        assertEquals("stateless-token", marker.category());
        assertEquals(1, marker.version());
        assertEquals(START, marker.createdAt());
        assertEquals(EXPIRY.plusSeconds(60), marker.expiresAt());
    }

    /** Each way in which a session ends on purpose. */
    enum End {
        REVOKE,
        REVOKE_SESSION,
        REVOKE_ALL,
        REVOKE_OTHERS,
        REVOKE_CREATED_BEFORE,
        REVOKE_BY_REFRESH_TOKEN,
        LIMIT,
        REUSE
    }

    private void end(IssuedTokens tokens, End how) {
        switch (how) {
            case REVOKE -> service.revoke(service.validate(tokens.accessToken()));
            case REVOKE_SESSION ->
                service.revokeSession("alice", tokens.session().id());
            case REVOKE_ALL -> service.revokeAllSessions("alice");
            case REVOKE_OTHERS ->
                service.revokeOthers(
                        service.validate(service.issue("alice", CLIENT).accessToken()));
            case REVOKE_CREATED_BEFORE -> service.revokeSessionsCreatedBefore("alice", clock.instant());
            case REVOKE_BY_REFRESH_TOKEN -> service.revokeByRefreshToken(tokens.refreshToken());
            case LIMIT ->
                aService(store)
                        .sessionLimit(new SessionLimit(1, AtLimit.END_LEAST_RECENTLY_ACTIVE))
                        .build()
                        .issue("alice", CLIENT);
            case REUSE -> {
                service.refresh(tokens.refreshToken(), CLIENT);
                clock.advance(Duration.ofMinutes(1));
                assertThrows(InvalidTokenException.class, () -> service.refresh(tokens.refreshToken(), CLIENT));
            }
        }
    }

    private SessionAwareTokenServiceBuilder aService(SessionStore on) {
        return aServiceOn(on)
                .clock(clock)
                .idleTimeout(MONTH)
                .accessTokenLifetime(MONTH)
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((user, session) -> Map.of())
                .acceptStatelessTokensUntil(EXPIRY.plusSeconds(3600))
                .listener(notifications);
    }

    /** Its store stores sessions, and fails when it is to store a marker. */
    private SessionAwareTokenService withoutMarkers() {
        return aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        if (!session.userId().equals("alice")) {
                            throw new SessionStoreException("down");
                        }
                        return super.create(session, admission);
                    }
                })
                .build();
    }

    /** The record that remembers what the token led to. */
    private SessionRecord marker() {
        String hash = sha256(old.substring(0, old.lastIndexOf('.') + 1));
        return store.find("stateless-token:" + hash, hash).orElseThrow();
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private IssuedTokens migrate() {
        return service.migrateStateless(old, CLIENT);
    }

    private static String old(String tokenId) {
        return claims(tokenId).sign(Algorithm.HMAC256(TestService.secret()));
    }

    private static JWTCreator.Builder claims(String tokenId) {
        return JWT.create()
                .withIssuer(ISSUER)
                .withSubject("alice")
                .withAudience(ISSUER)
                .withIssuedAt(START)
                .withExpiresAt(EXPIRY)
                .withJWTId(tokenId);
    }

    private static String withOtherSpelling(String token, BigInteger order) {
        int end = token.lastIndexOf('.') + 1;
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(end));
        byte[] s = order.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)))
                .toByteArray();
        byte[] twin = Arrays.copyOf(signature, 64);
        Arrays.fill(twin, 32, 64, (byte) 0);
        int length = Math.min(32, s.length);
        System.arraycopy(s, s.length - length, twin, 64 - length, length);
        return token.substring(0, end) + Base64.getUrlEncoder().withoutPadding().encodeToString(twin);
    }

    private static String assertNotNullAndReturn(@Nullable String token) {
        assertNotNull(token);
        return token;
    }

    private void assertCost(int reads, int writes) {
        assertEquals(List.of(reads, writes), List.of(store.reads(), store.writes()), "reads, writes");
        store.reset();
    }

    private void assertRefused(Reason reason) {
        assertRefused(reason, service);
    }

    private void assertRefused(Reason reason, SessionAwareTokenService by) {
        assertRefused(reason, by, CLIENT);
    }

    private void assertRefused(Reason reason, SessionAwareTokenService by, ClientInfo client) {
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> by.migrateStateless(old, client))
                        .reason());
    }

    private void assertRefusedToken(Reason reason, IssuedTokens tokens) {
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> service.validate(tokens.accessToken()))
                        .reason());
    }
}
