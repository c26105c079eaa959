package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client signs out with a refresh token, because its access token has expired. */
class RevokeByRefreshTokenTest {
    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final List<String> events = new ArrayList<>();
    private final SessionAwareTokenService service = aService().build();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void everyRefreshTokenOfTheSessionSignsOutWithoutAnAlarm(int which) {
        List<IssuedTokens> family = new ArrayList<>(List.of(login("alice")));
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofHours(1));
            family.add(refresh(family.get(i)));
        }
        clock.advance(Duration.ofHours(1));
        store.reset();

        assertTrue(service.revokeByRefreshToken(family.get(which).refreshToken()));

        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
        assertEquals(List.of("ended LOGOUT"), events);
        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void aSessionThatHasEndedIsNotEndedAgain() {
        IssuedTokens login = login("alice");
        assertTrue(service.revokeByRefreshToken(login.refreshToken()));
        events.clear();
        store.reset();

        assertFalse(service.revokeByRefreshToken(login.refreshToken()));

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
        assertEquals(List.of(), events);
    }

    @Test
    void anExpiredSessionIsNotEnded() {
        IssuedTokens login = login("alice");
        clock.set(login.session().expiresAt().minusMillis(1));
        assertTrue(service.revokeByRefreshToken(login("bob").refreshToken()));
        clock.set(login.session().expiresAt());
        store.reset();
        events.clear();

        assertFalse(service.revokeByRefreshToken(login.refreshToken()));

        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
        assertEquals(List.of(), events);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n", "x", "~~~", "dXNlci00Mg~BBBBBBBBBBBBBBBBBBBBBBBB~AAAA~AAAA", "\uD800"})
    void aTokenWithoutTheFormOfARefreshTokenCostsNoStoreCall(String token) {
        assertFalse(service.revokeByRefreshToken(token));

        assertEquals(0, store.calls());
    }

    @Test
    void anAccessTokenIsNoRefreshToken() {
        IssuedTokens login = login("alice");
        store.reset();

        assertFalse(service.revokeByRefreshToken(login.accessToken()));

        assertEquals(0, store.calls());
    }

    @Test
    void aGuessAndATokenOfAnotherUserEndNothing() {
        IssuedTokens alices = login("alice");
        IssuedTokens bobs = login("bob");
        String[] ofAlice = alices.refreshToken().split("~", -1);
        String[] ofBob = bobs.refreshToken().split("~", -1);

        for (String guess : List.of(
                ofAlice[0] + "~" + ofAlice[1] + "~" + "A".repeat(43) + "~" + ofAlice[3],
                ofAlice[0] + "~" + ofAlice[1] + "~" + ofBob[2] + "~" + ofBob[3],
                ofBob[0] + "~" + ofAlice[1] + "~" + ofAlice[2] + "~" + ofAlice[3])) {
            store.reset();
            assertFalse(service.revokeByRefreshToken(guess));
            assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
        }

        refresh(alices);
        refresh(bobs);
    }

    @Test
    void aTokenOfAnotherServiceOrOfBeforeAReauthenticationEndsNothing() {
        IssuedTokens login = login("alice");
        for (SessionAwareTokenServiceBuilder other : List.of(
                aService().issuer("https://wiki.example"),
                aService().audience("https://api.example"),
                aService().refreshTokens("another secret of 32 bytes or so".getBytes(UTF_8)))) {
            assertFalse(other.build().revokeByRefreshToken(login.refreshToken()));
        }
        IssuedTokens next = service.reauthenticate(service.validate(login.accessToken()));

        assertFalse(service.revokeByRefreshToken(login.refreshToken()));

        refresh(next);
    }

    @Test
    void aServiceWithoutRefreshTokensRefuses() {
        SessionAwareTokenService plain = aServiceOn(store).build();

        assertThrows(IllegalStateException.class, () -> plain.revokeByRefreshToken(null));
        assertEquals(0, store.calls());
    }

    @Test
    void anOutageIsNeitherTrueNorFalse() {
        IssuedTokens login = login("alice");
        SessionAwareTokenService down = aService()
                .sessionStore(new StoreWrapper(store) {
                    @Override
                    protected void beforeRead() {
                        throw new SessionStoreException("down");
                    }
                })
                .build();

        assertThrows(SessionStoreException.class, () -> down.revokeByRefreshToken(login.refreshToken()));
    }

    private SessionAwareTokenServiceBuilder aService() {
        return aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .listener(new SessionListener() {
                    @Override
                    public void sessionEnded(String userId, Session session, EndCause cause) {
                        events.add("ended " + cause);
                    }

                    @Override
                    public void refreshTokenReused(String userId, Session session, ClientInfo presentedBy) {
                        events.add("reused");
                    }
                });
    }

    private IssuedTokens login(String userId) {
        return service.issue(userId, ClientInfo.unknown());
    }

    private IssuedTokens refresh(IssuedTokens tokens) {
        return service.refresh(tokens.refreshToken(), ClientInfo.unknown());
    }
}
