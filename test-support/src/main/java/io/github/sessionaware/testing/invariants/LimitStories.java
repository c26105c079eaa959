package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Admission;
import io.github.sessionaware.Authentication;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionLimitExceededException;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.Notifications;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which sessions a login ends under a limit, and that it succeeds however many there are. */
public interface LimitStories extends Races {
    LoginOptions API = LoginOptions.defaults().withCategory("api");
    LoginOptions SUPPORT = LoginOptions.defaults().withCategory("support");

    /** More than two batches. */
    int MANY = 1_100;

    @Test
    default void sessionsOfAnotherCategoryAreNeitherCountedNorEnded() {
        TwoServices services = new TwoServices(
                emptyStores(),
                builder -> builder.sessionLimit((user, category) -> category.equals("support")
                        ? SessionLimit.unlimited()
                        : new SessionLimit(category.equals("api") ? 1 : 2, AtLimit.END_OLDEST)));
        Session api = services.one.issue(ALICE, CLIENT, API).session();
        services.one.issue(ALICE, CLIENT);
        Session laptop = services.one.issue(ALICE, CLIENT).session();
        services.clock.advance(Duration.ofSeconds(1));
        Session phone = services.other.issue(ALICE, CLIENT).session();
        for (int looks = 0; looks < 3; looks++) {
            services.other.issue(ALICE, CLIENT, SUPPORT);
        }

        Map<String, Set<String>> listed = idsByCategory(services);
        assertEquals(Set.of(api.id()), listed.get("api"));
        assertEquals(2, listed.get("device").size());
        assertTrue(listed.get("device").contains(phone.id()));
        assertEquals(3, listed.get("support").size());

        services.clock.advance(Duration.ofSeconds(1));
        Session nextApi = services.other.issue(ALICE, CLIENT, API).session();

        assertEquals(Set.of(nextApi.id()), idsByCategory(services).get("api"));
        assertEquals(listed.get("device"), idsByCategory(services).get("device"));
        assertEquals("device", laptop.category());
    }

    @Test
    default void concurrentLoginsOfTwoCategoriesLeaveAsManyOfEachAsItsLimitAllows() throws Exception {
        Notifications notifications = new Notifications();
        TwoServices services = new TwoServices(
                emptyStores(),
                builder -> builder.listener(notifications)
                        .sessionLimit((user, category) ->
                                new SessionLimit(category.equals("api") ? 2 : 3, AtLimit.END_LEAST_RECENTLY_ACTIVE)));
        for (int round = 1; round <= rounds(); round++) {
            List<IssuedTokens> logins = Together.call(
                    CALLERS,
                    caller -> services.of(caller).issue(ALICE, CLIENT, caller % 4 < 2 ? API : LoginOptions.defaults()));

            Map<String, Set<String>> left = idsByCategory(services);
            assertEquals(2, left.get("api").size());
            assertEquals(3, left.get("device").size());
            for (IssuedTokens login : logins) {
                assertEquals(
                        left.get(login.session().category())
                                .contains(login.session().id()),
                        services.isAccepted(login));
            }
            assertEquals(CALLERS * round - 5, new HashSet<>(notifications.ended(EndCause.SESSION_LIMIT)).size());
        }
    }

    /** Activity is recorded once a minute. So the record of the session in use is older than that of a later login. */
    @ParameterizedTest
    @CsvSource({"59999, used", "60000, never used", "60001, never used"})
    default void theSessionInUseStaysAlthoughALaterLoginHasLaterActivity(long millisBetween, String left) {
        TwoServices services = new TwoServices(
                emptyStores(), builder -> builder.sessionLimit(new SessionLimit(2, AtLimit.END_LEAST_RECENTLY_ACTIVE)));
        Session used = services.one.issue(ALICE, CLIENT).session();
        services.clock.advance(Duration.ofMillis(millisBetween));
        Session neverUsed = services.one.issue(ALICE, CLIENT).session();

        Session next = services.other.issue(ALICE, CLIENT).session();

        String survivor = left.equals("used") ? used.id() : neverUsed.id();
        assertEquals(Set.of(survivor, next.id()), services.listedIds());
    }

    @Test
    default void anOwnerWhomAThiefHasLockedOutLogsInOnceWithALimitThatEndsSessions() {
        Notifications notifications = new Notifications();
        TwoServices services = new TwoServices(
                emptyStores(),
                builder -> builder.listener(notifications).sessionLimit(new SessionLimit(2, AtLimit.REFUSE_LOGIN)));
        List<String> thiefs = List.of(
                services.one.issue(ALICE, CLIENT).session().id(),
                services.one.issue(ALICE, CLIENT).session().id());
        services.clock.advance(Duration.ofSeconds(1));
        assertThrows(SessionLimitExceededException.class, () -> services.other.issue(ALICE, CLIENT));

        Session owners = services.other
                .issue(
                        ALICE,
                        CLIENT,
                        LoginOptions.defaults()
                                .withSessionLimit(new SessionLimit(1, AtLimit.END_LEAST_RECENTLY_ACTIVE)))
                .session();

        assertEquals(Set.of(owners.id()), services.listedIds());
        assertEquals(Set.copyOf(thiefs), Set.copyOf(notifications.ended(EndCause.SESSION_LIMIT)));
        services.one.issue(ALICE, CLIENT);
        assertThrows(SessionLimitExceededException.class, () -> services.other.issue(ALICE, CLIENT));
    }

    /** The limit was introduced later. */
    @Test
    default void simultaneousLoginsOfAUserWithFarTooManySessionsSucceedAndLeaveTheLimit() throws Exception {
        Nodes stores = emptyStores();
        for (int round = 0; round < rounds() / 2; round++) {
            Notifications notifications = new Notifications();
            TwoServices services = new TwoServices(
                    stores,
                    builder -> builder.listener(notifications)
                            .sessionLimit(new SessionLimit(3, AtLimit.END_LEAST_RECENTLY_ACTIVE)));
            fill(stores.one(), MANY);

            List<IssuedTokens> logins =
                    Together.call(4, caller -> services.of(caller).issue(ALICE, CLIENT));

            Set<String> left = services.listedIds();
            assertEquals(3, left.size());
            assertEquals(3, stores.other().list(ALICE).size());
            for (IssuedTokens login : logins) {
                assertEquals(left.contains(login.session().id()), services.isAccepted(login));
            }
            List<String> ended = notifications.ended(EndCause.SESSION_LIMIT);
            assertEquals(MANY + 4 - 3, ended.size(), "Listeners must be notified once of each session that ended");
            assertEquals(ended.size(), Set.copyOf(ended).size());
            services.one.revokeAllSessions(ALICE);
        }
    }

    private static void fill(SessionStore store, int sessions) {
        Instant before = START.minus(Duration.ofHours(2));
        for (int i = 0; i < sessions; i++) {
            store.create(
                    SessionRecord.builder(ALICE, "session-number-%08d".formatted(i))
                            .createdAt(before)
                            .lastActiveAt(before)
                            .expiresAt(START.plus(Duration.ofHours(1)))
                            .authentication(new Authentication(before, List.of()))
                            .build(),
                    Admission.unconditional());
        }
    }

    private static Map<String, Set<String>> idsByCategory(TwoServices services) {
        return services.other.listSessions(ALICE).stream()
                .collect(Collectors.groupingBy(Session::category, Collectors.mapping(Session::id, Collectors.toSet())));
    }
}
