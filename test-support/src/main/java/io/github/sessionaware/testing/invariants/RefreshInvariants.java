package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static io.github.sessionaware.testing.invariants.TwoServices.ids;
import static io.github.sessionaware.testing.invariants.TwoServices.unlessEnded;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
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
            AuthenticatedSession current =
                    services.one.validate(services.login().accessToken());

            List<IssuedTokens> succeeded = Together.call(
                            CALLERS,
                            caller ->
                                    unlessEnded(() -> services.of(caller).reauthenticate(current, LoginOptions.none())))
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();

            assertEquals(1, succeeded.size());
            assertEquals(ids(succeeded), services.listedIds());
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
