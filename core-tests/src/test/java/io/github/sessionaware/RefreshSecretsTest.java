package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The secret of the refresh tokens is replaced, and nobody is logged out. */
class RefreshSecretsTest {
    private static final byte[] FORMER = TestKeys.secret(40);
    private static final byte[] NEXT = TestKeys.secret(41);
    private static final byte[] OLDEST = TestKeys.secret(42);

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService before = node(FORMER);
    private final SessionAwareTokenService changing = node(NEXT, OLDEST, FORMER);
    private final SessionAwareTokenService after = node(NEXT);

    @Test
    void aTokenOfAFormerSecretIsExchangedForOneOfTheFirst() {
        IssuedTokens r1 = login(before);
        store.reset();

        IssuedTokens r2 = refresh(changing, r1);

        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
        IssuedTokens r3 = refresh(after, r2);
        assertEquals(r1.session().id(), after.validate(r3.accessToken()).sessionId());
        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, before, r3);
        refresh(after, r3);
    }

    @Test
    void aRetryGetsTheSameSuccessorWhicheverSecretMadeIt() {
        IssuedTokens r1 = login(before);
        IssuedTokens r2 = refresh(before, r1);
        assertEquals(r2.refreshToken(), refresh(changing, r1).refreshToken());

        IssuedTokens r3 = refresh(changing, r2);

        assertEquals(r3.refreshToken(), refresh(changing, r2).refreshToken());
        assertEquals(r3.refreshToken(), refresh(after, r2).refreshToken());
    }

    @Test
    void aUsedTokenOfAFormerSecretEndsTheSession() {
        IssuedTokens r1 = login(before);
        IssuedTokens r2 = refresh(before, r1);
        clock.advance(Duration.ofSeconds(10));

        assertRefused(Reason.REFRESH_TOKEN_REUSED, changing, r1);

        assertRefused(Reason.SESSION_ENDED, changing, r2);
    }

    @Test
    void aTokenFromBeforeTheChangeIsStillReusedAfterIt() {
        IssuedTokens r1 = login(before);
        refresh(after, refresh(changing, r1));

        assertRefused(Reason.REFRESH_TOKEN_REUSED, after, r1);
    }

    /** First every node accepts the next secret. Then one after the other makes tokens with it. */
    @Test
    void nodesChangeOneAfterTheOther() {
        SessionAwareTokenService prepared = node(FORMER, NEXT);
        IssuedTokens tokens = login(before);
        for (SessionAwareTokenService node : List.of(prepared, before, prepared, changing, prepared, changing, after)) {
            IssuedTokens next = refresh(node, tokens);
            assertNotEquals(tokens.refreshToken(), next.refreshToken());
            tokens = next;
        }
    }

    @Test
    void aTokenOfAFormerSecretSignsOut() {
        assertTrue(changing.revokeByRefreshToken(login(before).refreshToken()));

        assertEquals(List.of(), changing.listSessions("alice"));
    }

    @Test
    void aTokenOfASecretThatIsNoLongerGivenIsRefusedAndEndsNothing() {
        IssuedTokens login = login(before);

        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, after, login);

        refresh(before, login);
    }

    /** The URL of the service and its secret change in one release. */
    @Test
    void issuerAndSecretChangeTogether() {
        IssuedTokens r1 = login(before);
        SessionAwareTokenServiceBuilder moved = aServiceOn(store).clock(clock).issuer("https://new.example");

        IssuedTokens r2 = refresh(
                moved.refreshTokens(NEXT, FORMER).acceptFormer(ISSUER, ISSUER).build(), r1);

        refresh(
                aServiceOn(store)
                        .clock(clock)
                        .issuer("https://new.example")
                        .refreshTokens(NEXT)
                        .build(),
                r2);
    }

    @Test
    void aLoginUsesTheFirstSecret() {
        refresh(after, login(changing));
    }

    @Test
    void wipingASecretAfterwardsChangesNothing() {
        byte[] former = FORMER.clone();
        SessionAwareTokenServiceBuilder builder = aServiceOn(store).clock(clock).refreshTokens(NEXT, former);
        Arrays.fill(former, (byte) 0);

        refresh(builder.build(), login(before));
    }

    @Test
    void everySecretIsChecked() {
        SessionAwareTokenServiceBuilder builder = aServiceOn(store);

        assertThrows(NullPointerException.class, () -> builder.refreshTokens(NEXT, (byte[][]) null));
        assertThrows(NullPointerException.class, () -> builder.refreshTokens(NEXT, FORMER, null));
        assertThrows(IllegalArgumentException.class, () -> builder.refreshTokens(NEXT, FORMER, new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> builder.refreshTokens(NEXT, TestKeys.secret(31)));
        for (List<byte[]> twice : List.of(
                List.of(NEXT, FORMER, NEXT), List.of(NEXT, FORMER, FORMER), List.of(NEXT, Arrays.copyOf(NEXT, 43)))) {
            byte[][] formers = twice.subList(1, twice.size()).toArray(byte[][]::new);
            assertEquals(
                    "formerSecrets must differ from secret and from each other",
                    assertThrows(IllegalArgumentException.class, () -> builder.refreshTokens(twice.get(0), formers))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void noSecretMayBeThatOfASigningKey(int which) {
        SigningKey key = SigningKey.hmac256(List.of(NEXT, FORMER, OLDEST).get(which));

        String message = assertThrows(
                        IllegalStateException.class,
                        () -> aServiceOn(store)
                                .signingKey(key)
                                .refreshTokens(NEXT, FORMER, OLDEST)
                                .build())
                .getMessage();

        assertTrue(message.startsWith("refreshTokens(...) was given the secret of a signing key"), message);
    }

    private SessionAwareTokenService node(byte[] secret, byte[]... formerSecrets) {
        return aServiceOn(store)
                .clock(clock)
                .refreshTokens(secret, formerSecrets)
                .build();
    }

    private static IssuedTokens login(SessionAwareTokenService node) {
        return node.issue("alice", ClientInfo.unknown());
    }

    private static IssuedTokens refresh(SessionAwareTokenService node, IssuedTokens tokens) {
        return node.refresh(tokens.refreshToken(), ClientInfo.unknown());
    }

    private static void assertRefused(Reason reason, SessionAwareTokenService node, IssuedTokens tokens) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> refresh(node, tokens));
        assertEquals(reason, refusal.reason());
    }
}
