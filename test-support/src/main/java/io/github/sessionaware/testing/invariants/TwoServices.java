package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.StoreFixture.Nodes;
import io.github.sessionaware.testing.TestService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** One service on each of two nodes, and the vocabulary of the invariants. Alice is the only user. */
final class TwoServices {
    static final String ALICE = "alice";
    static final ClientInfo CLIENT =
            ClientInfo.builder().device("Firefox on Linux").build();

    final FakeClock clock = new FakeClock(START);
    final SessionAwareTokenService one;
    final SessionAwareTokenService other;

    TwoServices(Nodes stores) {
        this(stores, UnaryOperator.identity());
    }

    TwoServices(Nodes stores, UnaryOperator<SessionAwareTokenServiceBuilder> settings) {
        one = settings.apply(builder(stores.one())).build();
        other = settings.apply(builder(stores.other())).build();
    }

    /** Returns another service that shares the clock. */
    SessionAwareTokenService on(SessionStore store) {
        return builder(store).build();
    }

    private SessionAwareTokenServiceBuilder builder(SessionStore store) {
        return aServiceOn(store).clock(clock).refreshTokens(TestService.refreshSecret());
    }

    /** Spreads callers over the two services. */
    SessionAwareTokenService of(int caller) {
        return caller % 2 == 0 ? one : other;
    }

    IssuedTokens login() {
        return one.issue(ALICE, CLIENT);
    }

    /** Returns nothing if the session has ended. Every other refusal is an error. */
    static <T> Optional<T> unlessEnded(Supplier<T> call) {
        return unless(Reason.SESSION_ENDED, call);
    }

    /** Returns nothing if the token was refused for this reason. Every other refusal is an error. */
    static <T> Optional<T> unless(Reason reason, Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (InvalidTokenException e) {
            assertEquals(reason, e.reason());
            return Optional.empty();
        }
    }

    boolean isAccepted(IssuedTokens login) {
        return unlessEnded(() -> other.validate(login.accessToken())).isPresent();
    }

    /** Asserts that no node accepts any of these tokens. */
    void assertEnded(IssuedTokens login) {
        assertRefused(login, Reason.SESSION_ENDED, Reason.SESSION_ENDED);
    }

    /** Asserts that no node accepts any of these tokens of before a renewed authentication. */
    void assertReplaced(IssuedTokens former) {
        assertRefused(former, Reason.OTHER_GENERATION, Reason.UNKNOWN_REFRESH_TOKEN);
    }

    private void assertRefused(IssuedTokens tokens, Reason ofAccessToken, Reason ofRefreshToken) {
        for (SessionAwareTokenService node : List.of(one, other)) {
            assertRefused(ofAccessToken, () -> node.validate(tokens.accessToken()));
            assertRefused(ofRefreshToken, () -> node.refresh(tokens.refreshToken(), CLIENT));
        }
    }

    private static void assertRefused(Reason reason, Supplier<?> call) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, call::get);
        assertEquals(reason, refusal.reason());
    }

    void assertNothingIsListed() {
        assertEquals(List.of(), one.listSessions(ALICE));
        assertEquals(List.of(), other.listSessions(ALICE));
    }

    Set<String> listedIds() {
        return other.listSessions(ALICE).stream().map(Session::id).collect(Collectors.toSet());
    }

    static Set<String> ids(List<IssuedTokens> logins) {
        return logins.stream().map(login -> login.session().id()).collect(Collectors.toSet());
    }
}
