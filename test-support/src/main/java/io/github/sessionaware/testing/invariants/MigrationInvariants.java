package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static io.github.sessionaware.testing.invariants.TwoServices.ids;
import static io.github.sessionaware.testing.invariants.TwoServices.unlessEnded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One stateless token leads to one session, whichever node gets it, and to none after a revocation has found that. */
public interface MigrationInvariants extends Races {
    Instant EXPIRY = START.plus(Duration.ofDays(30));

    @Test
    default void migrationsOfOneTokenAtTheSameTimeShareOneSession() throws Exception {
        Nodes stores = emptyStores();
        Notifications notifications = new Notifications();
        TwoServices services =
                new TwoServices(stores, builder -> migrating(builder).listener(notifications));
        for (int round = 1; round <= rounds(); round++) {
            String old = oldToken(round);

            List<IssuedTokens> migrated =
                    Together.call(CALLERS, caller -> services.of(caller).migrateStateless(old, CLIENT));

            assertEquals(1, ids(migrated).size());
            assertEquals(ids(migrated), services.listedIds());
            assertEquals(1, stores.one().list(ALICE).size(), "One record of the user");
            assertEquals(
                    1,
                    Set.copyOf(migrated.stream().map(IssuedTokens::refreshToken).toList())
                            .size());
            assertEquals(round, notifications.created().size());
            migrated.forEach(tokens -> assertTrue(services.isAccepted(tokens)));
            services.one.refresh(migrated.get(0).refreshToken(), CLIENT);
            assertEquals(1, services.other.revokeAllSessions(ALICE));
            migrated.forEach(services::assertEnded);
        }
    }

    @Test
    default void aMigrationThatRacesARevocationLeavesNoneThatTheRevocationFound() throws Exception {
        TwoServices services = new TwoServices(emptyStores(), MigrationInvariants::migrating);
        for (int round = 1; round <= rounds(); round++) {
            String old = oldToken(round);
            boolean revokesOne = round % 2 == 0;
            String id = services.one.migrateStateless(old, CLIENT).session().id();
            AtomicBoolean found = new AtomicBoolean();

            List<Optional<IssuedTokens>> migrated = Together.call(8, caller -> {
                if (caller == 4) {
                    found.set(
                            revokesOne
                                    ? services.other.revokeSession(ALICE, id)
                                    : services.other.revokeAllSessions(ALICE) > 0);
                    return Optional.empty();
                }
                return unlessEnded(() -> services.of(caller).migrateStateless(old, CLIENT));
            });

            assertEquals(
                    found.get()
                            ? Set.of()
                            : ids(migrated.stream().flatMap(Optional::stream).toList()),
                    services.listedIds());
            if (found.get()) {
                assertEquals(Optional.empty(), unlessEnded(() -> services.one.migrateStateless(old, CLIENT)));
                migrated.stream().flatMap(Optional::stream).forEach(services::assertEnded);
            }
            services.one.revokeAllSessions(ALICE);
        }
    }

    @Test
    default void afterTheFirstOfTwoRevocationsHasReturnedNoTokenFromBeforeIsAccepted() throws Exception {
        TwoServices services = new TwoServices(emptyStores(), MigrationInvariants::migrating);
        for (int round = 1; round <= rounds(); round++) {
            String old = oldToken(round);
            IssuedTokens before = services.one.migrateStateless(old, CLIENT);

            Together.call(CALLERS, caller -> {
                if (caller < 2) {
                    services.of(caller).revokeAllSessions(ALICE);
                    services.assertEnded(before);
                } else {
                    assertEquals(
                            Optional.empty(),
                            unlessEnded(() -> services.of(caller).migrateStateless(old, CLIENT))
                                    .filter(again -> !again.session()
                                            .id()
                                            .equals(before.session().id())),
                            "The token leads to no second session");
                }
                return caller;
            });

            services.assertEnded(before);
            assertEquals(Set.of(), services.listedIds());
        }
    }

    private static SessionAwareTokenServiceBuilder migrating(SessionAwareTokenServiceBuilder builder) {
        return builder.acceptStatelessTokensUntil(EXPIRY);
    }

    private static String oldToken(int number) {
        return JWT.create()
                .withIssuer(ISSUER)
                .withSubject(ALICE)
                .withAudience(ISSUER)
                .withIssuedAt(START)
                .withExpiresAt(EXPIRY)
                .withJWTId(Integer.toString(number))
                .sign(Algorithm.HMAC256(TestService.secret()));
    }
}
