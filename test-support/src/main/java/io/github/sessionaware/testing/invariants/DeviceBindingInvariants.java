package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static io.github.sessionaware.testing.invariants.TwoServices.unless;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ExperimentalBoundSessions;
import io.github.sessionaware.ExperimentalChallengeException;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.testing.TestDevice;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Callers that bind or renew one session at the same time. The version of the record decides, whatever the store. */
public interface DeviceBindingInvariants extends Races {

    @Test
    default void onlyOneOfConcurrentRegistrationsBindsTheSession() throws Exception {
        TwoServices services = bindingServices();
        List<TestDevice> devices = IntStream.range(0, CALLERS)
                .mapToObj(caller -> TestDevice.es256())
                .toList();
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = services.login();
            AuthenticatedSession current = services.one.validate(login.accessToken());
            String challenge = services.one.boundSessions().registrationChallenge(login);
            List<String> proofs = devices.stream()
                    .map(device -> device.registration(challenge))
                    .toList();

            List<Optional<IssuedTokens>> bound = Together.call(
                    CALLERS,
                    caller -> unless(
                            Reason.ALREADY_BOUND,
                            () -> services.of(caller).boundSessions().bind(current, proofs.get(caller), () -> CLIENT)));

            assertEquals(1, bound.stream().filter(Optional::isPresent).count());
            ExperimentalBoundSessions other = services.other.boundSessions();
            for (int caller = 0; caller < CALLERS; caller++) {
                TestDevice device = devices.get(caller);
                if (bound.get(caller).isPresent()) {
                    other.renew(other.identifier(login), device.renewal(challenge(other, login)), () -> CLIENT);
                } else {
                    String proof = device.renewal(challenge(other, login));
                    assertThrows(
                            InvalidTokenException.class,
                            () -> other.renew(other.identifier(login), proof, () -> CLIENT));
                }
            }
            assertThrows(InvalidTokenException.class, () -> services.one.refresh(login.refreshToken(), CLIENT));
        }
    }

    @Test
    default void onlyOneOfConcurrentRenewalsUsesAChallenge() throws Exception {
        TwoServices services = bindingServices();
        TestDevice device = TestDevice.es256();
        IssuedTokens login = services.login();
        ExperimentalBoundSessions one = services.one.boundSessions();
        one.bind(
                services.one.validate(login.accessToken()),
                device.registration(one.registrationChallenge(login)),
                () -> CLIENT);
        for (int round = 0; round < rounds(); round++) {
            services.clock.advance(Duration.ofSeconds(1));
            String proof = device.renewal(challenge(one, login));

            List<Optional<IssuedTokens>> renewed = Together.call(CALLERS, caller -> {
                try {
                    return Optional.of(
                            services.of(caller).boundSessions().renew(one.identifier(login), proof, () -> CLIENT));
                } catch (ExperimentalChallengeException e) {
                    return Optional.empty();
                }
            });

            assertEquals(1, renewed.stream().filter(Optional::isPresent).count());
        }
    }

    private TwoServices bindingServices() throws Exception {
        return new TwoServices(emptyStores(), builder -> builder.deviceBinding(ExperimentalDeviceBinding.defaults()));
    }

    private static String challenge(ExperimentalBoundSessions sessions, IssuedTokens login) {
        return assertThrows(
                        ExperimentalChallengeException.class,
                        () -> sessions.renew(sessions.identifier(login), null, () -> CLIENT))
                .challenge();
    }
}
