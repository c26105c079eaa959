package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static io.github.sessionaware.testing.invariants.TwoServices.unlessEnded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.TokenOptions;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Revocation is final (invariant 1): no call that another node makes at the same time brings a session back, and every
 * read after the revocation shows it.
 */
public interface RevocationInvariants extends Races {

    @Test
    default void aLateTouchDoesNotReviveARevokedSession() {
        Nodes stores = emptyStores();
        TwoServices services = new TwoServices(stores);
        SessionAwareTokenService late = services.on(new StoreWrapper(stores.one()) {
            @Override
            public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                services.other.revokeSession(ALICE, seen.id());
                return super.touch(seen, lastActiveAt, expiresAt);
            }
        });
        IssuedTokens login = services.login();
        services.clock.advance(Duration.ofMinutes(1));

        assertEquals(login.session().id(), late.validate(login.accessToken()).sessionId());

        services.assertEnded(login);
        services.assertNothingIsListed();
    }

    @Test
    default void refreshesThatRaceRevokeAllLeaveNothingValid() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens login = services.login();

            List<IssuedTokens> given = Together.call(CALLERS, caller -> {
                if (caller == CALLERS / 2) {
                    services.other.revokeAllSessions(ALICE);
                    return login;
                }
                return unlessEnded(() -> services.of(caller).refresh(login.refreshToken(), CLIENT))
                        .orElse(login);
            });

            services.assertNothingIsListed();
            given.forEach(services::assertEnded);
        }
    }

    /** The tabs of one browser: some refresh and some sign out, all with the token that they share. */
    @Test
    default void refreshesThatRaceALogoutByTheSameRefreshTokenLeaveNothingValidAndRaiseNoAlarm() throws Exception {
        Notifications notifications = new Notifications();
        TwoServices services = new TwoServices(emptyStores(), builder -> builder.listener(notifications));
        for (int round = 1; round <= rounds(); round++) {
            IssuedTokens login = services.login();
            AtomicInteger loggedOut = new AtomicInteger();

            List<IssuedTokens> given = Together.call(CALLERS, caller -> {
                if (caller % 4 == 0 && services.of(caller / 4).revokeByRefreshToken(login.refreshToken())) {
                    loggedOut.incrementAndGet();
                }
                return unlessEnded(() -> services.of(caller).refresh(login.refreshToken(), CLIENT))
                        .orElse(login);
            });

            assertEquals(1, loggedOut.get());
            services.assertNothingIsListed();
            given.forEach(services::assertEnded);
            assertEquals(round, notifications.ended(EndCause.LOGOUT).size());
            assertEquals(round, notifications.ended().size());
        }
    }

    @Test
    default void reauthenticationsThatRaceRevokeAllLeaveNothingValid() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            List<AuthenticatedSession> devices = Stream.generate(services::login)
                    .limit(3)
                    .map(login -> services.one.validate(login.accessToken()))
                    .toList();

            List<Optional<IssuedTokens>> given = Together.call(4, caller -> {
                if (caller == 3) {
                    services.other.revokeAllSessions(ALICE);
                    return Optional.empty();
                }
                return unlessEnded(() -> services.one.reauthenticate(devices.get(caller)));
            });

            services.assertNothingIsListed();
            given.stream().flatMap(Optional::stream).forEach(services::assertEnded);
        }
    }

    @Test
    default void reissuesAndChangesOfAttributesThatRaceRevokeAllLeaveNothingValid() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            AuthenticatedSession current =
                    services.one.validate(services.login().accessToken());

            List<Optional<IssuedTokens>> given = Together.call(4, caller -> {
                if (caller == 3) {
                    services.other.revokeAllSessions(ALICE);
                    return Optional.empty();
                }
                return unlessEnded(() -> {
                    services.of(caller).setAttributes(current, attributes -> Map.of("caller", "" + caller));
                    return services.of(caller).reissue(current, TokenOptions.defaults());
                });
            });

            services.assertNothingIsListed();
            given.stream().flatMap(Optional::stream).forEach(token -> assertFalse(services.isAccepted(token)));
        }
    }

    @Test
    default void aLoginAfterRevokeAllSurvivesAndEarlierSessionsEnd() throws Exception {
        TwoServices services = new TwoServices(emptyStores());
        for (int round = 0; round < rounds(); round++) {
            IssuedTokens before = services.login();

            List<IssuedTokens> logins = Together.call(4, caller -> {
                if (caller == 0) {
                    services.other.revokeAllSessions(ALICE);
                    return services.other.issue(ALICE, CLIENT);
                }
                return services.login();
            });

            Set<String> listed = services.listedIds();
            assertTrue(listed.contains(logins.get(0).session().id()));
            assertFalse(listed.contains(before.session().id()));
            services.assertEnded(before);
            for (IssuedTokens login : logins) {
                assertEquals(
                        listed.contains(login.session().id()),
                        services.isAccepted(login),
                        "A session must be accepted if and only if it is listed");
            }
            services.one.revokeAllSessions(ALICE);
        }
    }
}
