package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static io.github.sessionaware.testing.invariants.TwoServices.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.EndCause;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionLimitExceededException;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Logins of one user at the same time: none is lost (invariant 5), and none gets past the limit. */
public interface LoginInvariants extends Races {
    int LIMIT = 3;

    @Test
    default void concurrentLoginsAreAllKept() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            List<IssuedTokens> logins =
                    Together.call(CALLERS, caller -> services.of(caller).issue(ALICE, CLIENT));

            List<Session> accepted = logins.stream()
                    .map(login -> services.one.validate(login.accessToken()))
                    .flatMap(current -> services.other.listSessions(current).stream()
                            .filter(listed -> listed.equals(current.session())))
                    .toList();
            assertEquals(ids(logins), accepted.stream().map(Session::id).collect(Collectors.toSet()));
            assertEquals(ids(logins), services.listedIds());
            assertEquals(CALLERS, accepted.size());
            assertEquals(CALLERS, services.other.revokeAllSessions(ALICE));
            services.assertNothingIsListed();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "REFUSE_LOGIN")
    default void concurrentLoginsLeaveAsManySessionsAsTheLimitAllows(AtLimit atLimit) throws Exception {
        Nodes stores = emptyStores();
        Notifications notifications = new Notifications();
        TwoServices services = new TwoServices(
                stores,
                builder ->
                        builder.sessionLimit(new SessionLimit(LIMIT, atLimit)).listener(notifications));
        for (int round = 1; round <= rounds(); round++) {
            // By as much as activity must differ to count as different.
            services.clock.advance(Duration.ofMinutes(1));

            List<IssuedTokens> logins =
                    Together.call(CALLERS, caller -> services.of(caller).issue(ALICE, CLIENT));

            Set<String> left = services.listedIds();
            assertEquals(LIMIT, left.size());
            assertEquals(LIMIT, stores.one().list(ALICE).size());
            assertTrue(ids(logins).containsAll(left), "The newest sessions must be left");
            for (IssuedTokens login : logins) {
                assertEquals(
                        left.contains(login.session().id()),
                        services.isAccepted(login),
                        "A session must be accepted if and only if it is listed");
            }
            assertEquals(
                    CALLERS * round - LIMIT,
                    notifications.ended(EndCause.SESSION_LIMIT).size(),
                    "Listeners must be notified once of each session that ended");
        }
    }

    @Test
    default void concurrentLoginsSucceedUpToALimitThatRefuses() throws Exception {
        TwoServices services = new TwoServices(
                emptyStores(), builder -> builder.sessionLimit(new SessionLimit(LIMIT, AtLimit.REFUSE_LOGIN)));
        for (int round = 0; round < rounds(); round++) {
            List<IssuedTokens> accepted = Together.call(CALLERS, caller -> {
                        try {
                            return Optional.of(services.of(caller).issue(ALICE, CLIENT));
                        } catch (SessionLimitExceededException e) {
                            return Optional.<IssuedTokens>empty();
                        }
                    })
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();

            assertEquals(LIMIT, accepted.size());
            assertEquals(ids(accepted), services.listedIds());
            services.one.revokeAllSessions(ALICE);
        }
    }
}
