package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static io.github.sessionaware.testing.invariants.TwoServices.unless;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Callers that change one session at the same time: one of them wins, and the others read what it wrote. */
public interface RefreshInvariants extends Races {

    @Test
    default void concurrentRefreshesRotateOnceAndShareTheSuccessor() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = services.login();

            Set<String> successors =
                    Together.call(CALLERS, caller -> services.of(caller).refresh(login.refreshToken(), CLIENT)).stream()
                            .map(IssuedTokens::refreshToken)
                            .collect(Collectors.toSet());

            assertEquals(1, successors.size(), "All callers must get the same successor");
            IssuedTokens next = services.other.refresh(successors.iterator().next(), CLIENT);
            services.one.validate(next.accessToken());
        }
        assertEquals(rounds(), services.listedIds().size());
    }

    @Test
    default void onlyOneOfConcurrentReauthenticationsSucceeds() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = services.login();
            AuthenticatedSession current = services.one.validate(login.accessToken());

            List<IssuedTokens> succeeded = Together.call(
                            CALLERS,
                            caller -> unless(
                                    Reason.OTHER_GENERATION,
                                    () -> services.of(caller).reauthenticate(current)))
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();

            assertEquals(1, succeeded.size());
            assertEquals(Set.of(login.session().id()), services.listedIds());
            services.other.validate(succeeded.get(0).accessToken());
            services.assertReplaced(login);
            services.one.revokeAllSessions(ALICE);
        }
    }

    @Test
    default void aReauthenticationReplacesTheTokensOfEveryConcurrentRefresh() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = services.login();
            AuthenticatedSession current = services.one.validate(login.accessToken());

            List<Optional<IssuedTokens>> given = Together.call(
                    CALLERS,
                    caller -> caller == 0
                            ? Optional.of(services.one.reauthenticate(current))
                            : unless(
                                    Reason.UNKNOWN_REFRESH_TOKEN,
                                    () -> services.of(caller).refresh(login.refreshToken(), CLIENT)));

            services.other.validate(given.get(0).orElseThrow().accessToken());
            given.stream().skip(1).flatMap(Optional::stream).forEach(services::assertReplaced);
            services.assertReplaced(login);
            services.one.revokeAllSessions(ALICE);
        }
    }

    @Test
    default void aReauthenticatedSessionSurvivesAConcurrentRevokeOfTheOthers() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = services.login();
            AuthenticatedSession current = services.one.validate(login.accessToken());
            IssuedTokens otherDevice = services.login();

            List<Optional<IssuedTokens>> given = Together.call(2, caller -> {
                if (caller == 0) {
                    return Optional.of(services.one.reauthenticate(current));
                }
                assertEquals(1, services.other.revokeOthers(current));
                return Optional.empty();
            });

            services.other.validate(given.get(0).orElseThrow().accessToken());
            services.assertEnded(otherDevice);
            services.one.revokeAllSessions(ALICE);
        }
    }

    @Test
    default void aNewLabelSurvivesAConcurrentRefresh() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        IssuedTokens login = services.login();
        String id = login.session().id();
        AtomicReference<String> refreshToken = new AtomicReference<>(login.refreshToken());
        for (int round = 0; round < rounds(); round++) {
            String label = "tablet " + round;
            services.clock.advance(Duration.ofMinutes(1));

            Together.call(List.of(
                    () -> services.one.renameSession(ALICE, id, label),
                    () -> refreshToken.getAndSet(
                            services.other.refresh(refreshToken.get(), CLIENT).refreshToken()),
                    () -> services.one.listSessions(ALICE)));

            assertEquals(label, services.other.listSessions(ALICE).get(0).label());
        }
        services.one.refresh(refreshToken.get(), CLIENT);
    }
}
