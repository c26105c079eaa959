package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Calls for one session at the same moment, on two nodes that share nothing except the store. */
class DeviceBindingRacesTest {
    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final SessionAwareTokenService one = node();
    private final SessionAwareTokenService other = node();
    private final TestDevice owner = TestDevice.es256();
    private final TestDevice thief = TestDevice.es256();

    @Test
    void ofTwoRegistrationsExactlyOneWins() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = one.issue("alice", ClientInfo.unknown());

            List<Optional<IssuedTokens>> answers = Together.call(
                    List.of(attempt(registration(one, login, owner)), attempt(registration(other, login, thief))));

            assertEquals(1, answers.stream().filter(Optional::isPresent).count());
            boolean ownerWon = answers.get(0).isPresent();
            renew(one, login, ownerWon ? owner : thief);
            assertThrows(InvalidTokenException.class, () -> renew(other, login, ownerWon ? thief : owner));
        }
    }

    @Test
    void aRefreshAtTheSameTimeKeepsNoTokenThatRenewsTheSession() throws Exception {
        int refreshed = 0;
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = one.issue("alice", ClientInfo.unknown());

            List<Optional<IssuedTokens>> answers = Together.call(List.of(
                    attempt(registration(one, login, owner)),
                    attempt(() -> other.refresh(login.refreshToken(), ClientInfo.unknown()))));

            assertTrue(answers.get(0).isPresent(), "A refresh must not keep the browser from binding the session");
            String next = answers.get(1).map(IssuedTokens::refreshToken).orElse(login.refreshToken());
            for (String token : List.of(login.refreshToken(), next)) {
                assertThrows(InvalidTokenException.class, () -> one.refresh(token, ClientInfo.unknown()));
            }
            renew(one, login, owner);
            refreshed += answers.get(1).isPresent() ? 1 : 0;
        }
        System.out.println("the refresh came before the binding in " + refreshed + " of " + rounds() + " rounds");
    }

    @Test
    void ofTwoRenewalsWithOneProofExactlyOneGetsATokenAndTheOtherAChallenge() throws Exception {
        IssuedTokens login = one.issue("alice", ClientInfo.unknown());
        var unused = registration(one, login, owner).get();
        String id = one.boundSessions().identifier(login);
        for (int round = 0; round < rounds(); round++) {
            clock.advance(Duration.ofMillis(10));
            String proof = owner.renewal(challenge(one, id));

            List<Optional<IssuedTokens>> answers = Together.call(List.of(
                    attempt(() -> one.boundSessions().renew(id, proof, ClientInfo::unknown)),
                    attempt(() -> other.boundSessions().renew(id, proof, ClientInfo::unknown))));

            assertEquals(1, answers.stream().filter(Optional::isPresent).count());
        }
    }

    @Test
    void aRevokeAtTheSameTimeIsFinal() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = one.issue("alice", ClientInfo.unknown());
            IssuedTokens tokens = registration(one, login, owner).get();
            String id = one.boundSessions().identifier(login);
            String proof = owner.renewal(challenge(one, id));

            Together.<Object>call(List.of(
                    attempt(() -> one.boundSessions().renew(id, proof, ClientInfo::unknown))::call,
                    () -> other.revokeSession("alice", tokens.session().id())));

            assertTrue(one.listSessions("alice").isEmpty());
            assertThrows(InvalidTokenException.class, () -> renew(one, login, owner));
        }
    }

    int rounds() {
        return 20;
    }

    private static Callable<Optional<IssuedTokens>> attempt(Supplier<IssuedTokens> call) {
        return () -> {
            try {
                return Optional.of(call.get());
            } catch (InvalidTokenException | ExperimentalChallengeException e) {
                return Optional.empty();
            }
        };
    }

    /** Makes the proof at once, so that only the binding itself races. */
    private static Supplier<IssuedTokens> registration(
            SessionAwareTokenService node, IssuedTokens login, TestDevice device) {
        ExperimentalBoundSessions bound = node.boundSessions();
        AuthenticatedSession current = node.validate(login.accessToken());
        String proof = device.registration(bound.registrationChallenge(login));
        return () -> bound.bind(current, proof, ClientInfo::unknown);
    }

    private static String challenge(SessionAwareTokenService node, String id) {
        return assertThrows(
                        ExperimentalChallengeException.class,
                        () -> node.boundSessions().renew(id, null, ClientInfo::unknown))
                .challenge();
    }

    private static void renew(SessionAwareTokenService node, IssuedTokens tokens, TestDevice device) {
        String id = node.boundSessions().identifier(tokens);
        node.boundSessions().renew(id, device.renewal(challenge(node, id)), ClientInfo::unknown);
    }

    private SessionAwareTokenService node() {
        return aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .sessionLimit(SessionLimit.unlimited())
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .build();
    }
}
