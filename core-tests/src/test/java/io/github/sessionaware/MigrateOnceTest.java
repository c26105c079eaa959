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
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.math.BigInteger;
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
    void migratingCostsOneReadAndOneWriteAndAReplayOneRead() {
        SessionAwareTokenService plain = aServiceOn(store)
                .clock(clock)
                .acceptStatelessTokensUntil(EXPIRY)
                .build();

        plain.migrateStateless(old, CLIENT);
        assertCost(1, 1);
        plain.migrateStateless(old, CLIENT);
        assertCost(1, 0);
        plain.revokeSession("alice", service.listSessions("alice").get(0).id());
        store.reset();
        assertThrows(InvalidTokenException.class, () -> plain.migrateStateless(old, CLIENT));
        assertCost(1, 0);
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
    void aTombstoneCountsForNoLimitAndIsNotEndedByOne() {
        SessionAwareTokenService limited = aService(store)
                .sessionLimit(new SessionLimit(1, AtLimit.REFUSE_LOGIN))
                .build();
        migrate();
        service.revokeAllSessions("alice");
        List<SessionRecord> tombstone = store.list("alice");

        IssuedTokens login = limited.issue("alice", CLIENT);

        assertTrue(store.list("alice").containsAll(tombstone));
        assertEquals(List.of(TestSessions.notCurrent(login.session())), limited.listSessions("alice"));
        assertThrows(SessionLimitExceededException.class, () -> limited.issue("alice", CLIENT));
        assertRefused(Reason.SESSION_ENDED);
    }

    @Test
    void everyRevokeKeepsEarlierTombstonesAndCountsNone() {
        migrate();
        service.revokeAllSessions("alice");
        String another = old("2");
        service.migrateStateless(another, CLIENT);

        assertEquals(1, service.revokeSessionsCreatedBefore("alice", START.plusSeconds(1)));
        assertEquals(0, service.revokeAllSessions("alice"));
        IssuedTokens login = service.issue("alice", CLIENT);
        assertEquals(0, service.revokeOtherSessions("alice", login.session().id()));

        assertRefused(Reason.SESSION_ENDED);
        assertEquals(
                Reason.SESSION_ENDED,
                assertThrows(InvalidTokenException.class, () -> service.migrateStateless(another, CLIENT))
                        .reason());
        assertEquals(2, notifications.ended().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void aTombstoneIsPurgedADayAfterNoServiceAcceptsItsToken(int millis) {
        migrate();
        service.revokeAllSessions("alice");
        clock.set(EXPIRY.plus(Duration.ofDays(1)).plusSeconds(60).plusMillis(millis));

        assertEquals(millis < 0 ? 0 : 1, service.purgeExpiredSessions());

        assertEquals(millis < 0 ? 1 : 0, store.list("alice").size());
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
    void theTokenLeadsToNoneUntilItsExpiredSessionIsPurged() {
        SessionAwareTokenService brief = aService(store)
                .idleTimeout(Duration.ofHours(1))
                .absoluteTimeout(MONTH)
                .build();
        IssuedTokens migrated = brief.migrateStateless(old, CLIENT);
        clock.set(migrated.session().expiresAt().minusMillis(1));
        brief.migrateStateless(old, CLIENT);
        clock.set(migrated.session().expiresAt());

        assertEquals(
                Reason.SESSION_EXPIRED,
                assertThrows(InvalidTokenException.class, () -> brief.migrateStateless(old, CLIENT))
                        .reason());
        clock.advance(Duration.ofDays(1));
        assertEquals(1, brief.purgeExpiredSessions());
        assertEquals(
                migrated.session().id(),
                brief.migrateStateless(old, CLIENT).session().id());
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

    /** The store wrote the session, and its answer was lost. */
    @Test
    void aMigrationWhoseAnswerWasLostSucceeds() {
        SessionAwareTokenService flaky = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        super.create(session, admission);
                        throw new SessionStoreException("timeout");
                    }
                })
                .build();

        assertEquals(
                flaky.migrateStateless(old, CLIENT).session().id(),
                migrate().session().id());
    }

    /** One step of the store: it ends the session, and leaves the tombstone. */
    @Test
    void aRevokeThatFailsLeavesTheSessionOrATombstone() {
        IssuedTokens migrated = migrate();
        SessionAwareTokenService failing = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        throw new SessionStoreException("down");
                    }

                    @Override
                    public boolean replace(SessionRecord seen, SessionRecord next) {
                        super.replace(seen, next);
                        throw new SessionStoreException("timeout");
                    }
                })
                .build();

        assertThrows(
                SessionStoreException.class,
                () -> failing.revokeSession("alice", migrated.session().id()));

        assertRefused(Reason.SESSION_ENDED);
    }

    /** The javadoc of migrateStateless says so. */
    @Test
    void ifTheStoreFailsWhileAllSessionsEndTheTokenLeadsToOneMoreSession() {
        migrate();
        SessionAwareTokenService failing = aService(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        throw new SessionStoreException("down");
                    }
                })
                .build();

        assertThrows(SessionStoreException.class, () -> failing.revokeAllSessions("alice"));

        assertEquals(List.of(), service.listSessions("alice"));
        migrate();
    }

    /** The token comes again between the deletion and the tombstone. */
    @Test
    void aSessionThatAppearsWhileAllSessionsEndEndsToo() {
        migrate();
        SessionAwareTokenService slow = aService(new StoreWrapper(store) {
                    @Override
                    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
                        List<SessionRecord> removed = super.deleteAll(userId, keptSessionId);
                        migrate();
                        return removed;
                    }
                })
                .build();

        assertEquals(1, slow.revokeAllSessions("alice"));

        assertRefused(Reason.SESSION_ENDED);
        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void revokingAMigratedSessionCostsOneReadAndOneWrite() {
        IssuedTokens migrated = migrate();
        store.reset();

        assertTrue(service.revokeSession("alice", migrated.session().id()));

        assertCost(1, 1);
    }

    @Test
    void aTombstoneHoldsNothingOfTheSession() {
        IssuedTokens migrated =
                service.migrateStateless(old, CLIENT, LoginOptions.defaults().withAttributes(Map.of("org", "blue")));

        service.revokeSession("alice", migrated.session().id());

        SessionRecord tombstone = store.list("alice").get(0);
        assertEquals(ClientInfo.unknown(), tombstone.client());
        assertEquals(Map.of(), tombstone.attributes());
        assertNull(tombstone.refreshState());
        assertEquals(EXPIRY.plusSeconds(60), tombstone.expiresAt());
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
        assertEquals(
                reason, assertThrows(InvalidTokenException.class, this::migrate).reason());
    }

    private void assertRefusedToken(Reason reason, IssuedTokens tokens) {
        assertEquals(
                reason,
                assertThrows(InvalidTokenException.class, () -> service.validate(tokens.accessToken()))
                        .reason());
    }
}
