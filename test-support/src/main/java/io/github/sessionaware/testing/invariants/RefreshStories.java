package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.unless;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.testing.StoreFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What happens to a session over hours, when its refresh token is stolen or an answer is lost. */
public interface RefreshStories extends StoreFixture {
    ClientInfo OWNER = new ClientInfo("Firefox 140 on Linux", "Mozilla/5.0", "192.0.2.7", "Berlin, DE");
    ClientInfo THIEF = new ClientInfo("Chrome on Windows", null, "203.0.113.9", null);

    /** As often as a page refreshes in twenty hours. */
    int ROTATIONS = 88;

    Duration PERIOD = Duration.ofHours(20).dividedBy(ROTATIONS);

    /** The phone exchanges its token and falls asleep before the answer arrives. */
    @Test
    default void aPhoneThatSleepsOverTheAnswerForThreeHoursStaysLoggedIn() {
        Seen seen = new Seen();
        TwoServices services = new TwoServices(
                emptyStores(), builder -> builder.listener(seen).refreshGraceWindow(Duration.ofHours(12)));
        IssuedTokens r1 = services.one.issue(ALICE, OWNER);
        IssuedTokens lost = services.one.refresh(r1.refreshToken(), OWNER);
        services.clock.advance(Duration.ofHours(3));

        IssuedTokens r2 = services.other.refresh(r1.refreshToken(), OWNER);

        assertEquals(lost.refreshToken(), r2.refreshToken());
        assertEquals(List.of(Set.of()), seen.retries);
        IssuedTokens r3 = services.one.refresh(r2.refreshToken(), OWNER);
        services.other.validate(r3.accessToken());
        // The next token has been used, so the former one is a copy, although its twelve hours are not over.
        assertEquals(
                Optional.empty(),
                unless(Reason.REFRESH_TOKEN_REUSED, () -> services.other.refresh(r1.refreshToken(), OWNER)));
        services.assertEnded(r3);
    }

    /** The same with a window of seconds: nobody can tell the phone from a thief. */
    @Test
    default void aPhoneThatSleepsLongerThanTheWindowLogsInAgain() {
        TwoServices services = new TwoServices(emptyStores());
        IssuedTokens r1 = services.one.issue(ALICE, OWNER);
        services.one.refresh(r1.refreshToken(), OWNER);
        services.clock.advance(Duration.ofHours(3));

        assertEquals(
                Optional.empty(),
                unless(Reason.REFRESH_TOKEN_REUSED, () -> services.other.refresh(r1.refreshToken(), OWNER)));

        services.assertNothingIsListed();
    }

    /** What a long window costs: owner and thief share each token, and only the retries show it. */
    @Test
    default void aLongWindowHidesATheftFromReuseDetectionButNotFromListeners() {
        Seen seen = new Seen();
        TwoServices services = new TwoServices(
                emptyStores(), builder -> builder.listener(seen).refreshGraceWindow(Duration.ofHours(12)));
        IssuedTokens shared = services.one.issue(ALICE, OWNER);
        for (int round = 0; round < ROTATIONS; round++) {
            services.clock.advance(PERIOD.dividedBy(2));
            IssuedTokens owners = services.one.refresh(shared.refreshToken(), OWNER);
            services.clock.advance(PERIOD.dividedBy(2));
            IssuedTokens thiefs = services.other.refresh(shared.refreshToken(), THIEF);

            assertEquals(owners.refreshToken(), thiefs.refreshToken());
            shared = owners;
        }

        assertEquals(Collections.nCopies(ROTATIONS, EnumSet.allOf(Novelty.class)), seen.retries);
        services.one.validate(shared.accessToken());
    }

    /**
     * The owner's page refreshes every quarter of an hour. The thief presents each token five seconds after the owner.
     */
    @Test
    default void aFollowerWhoReplaysEachTokenIsReportedEachTime() {
        Seen seen = new Seen();
        TwoServices services = new TwoServices(emptyStores(), builder -> builder.listener(seen));
        IssuedTokens owners = services.one.issue(ALICE, OWNER);
        for (int rotation = 0; rotation < ROTATIONS; rotation++) {
            services.clock.advance(PERIOD);
            IssuedTokens next = services.one.refresh(owners.refreshToken(), OWNER);
            services.clock.advance(Duration.ofSeconds(5));

            IssuedTokens thiefs = services.other.refresh(owners.refreshToken(), THIEF);

            assertEquals(next.refreshToken(), thiefs.refreshToken());
            owners = next;
        }

        assertEquals(Collections.nCopies(ROTATIONS, EnumSet.allOf(Novelty.class)), seen.retries);
        assertEquals(List.of(), seen.refusals);
    }

    @Test
    default void aFollowerIsRefusedEachTimeIfTheServiceRefusesRetriesFromElsewhere() {
        Seen seen = new Seen();
        TwoServices services = new TwoServices(
                emptyStores(), builder -> builder.listener(seen).refuseRetriesFromAnother(Novelty.DEVICE));
        IssuedTokens owners = services.one.issue(ALICE, OWNER);
        for (int rotation = 0; rotation < ROTATIONS; rotation++) {
            services.clock.advance(PERIOD);
            String used = owners.refreshToken();
            owners = services.one.refresh(used, OWNER);
            services.clock.advance(Duration.ofSeconds(5));

            assertEquals(
                    Optional.empty(), unless(Reason.RETRY_FROM_ELSEWHERE, () -> services.other.refresh(used, THIEF)));
        }

        assertEquals(Collections.nCopies(ROTATIONS, EnumSet.allOf(Novelty.class)), seen.refusals);
        assertEquals(List.of(), seen.retries);
        services.other.validate(owners.accessToken());
    }

    /** The thief also learns the password. The refresh of the stolen session must not have made the thief known. */
    @Test
    default void aThiefWhoRefreshedOnceStillLooksNewAtALogin() {
        Seen seen = new Seen();
        TwoServices services = new TwoServices(emptyStores(), builder -> builder.listener(seen));
        IssuedTokens stolen = services.one.issue(ALICE, OWNER);
        services.other.refresh(stolen.refreshToken(), THIEF);

        Session shown = services.one.listSessions(ALICE).get(0);
        services.one.issue(ALICE, THIEF);
        services.other.issue(ALICE, OWNER);

        assertEquals(THIEF, shown.client(), "Nothing of the owner may stand beside the thief's device and address");
        assertEquals(List.of(Set.of(), Set.of(Novelty.DEVICE, Novelty.NETWORK), Set.of()), seen.novelties);
    }

    /** Records what listeners hear. */
    final class Seen implements SessionListener {
        private final List<Set<Novelty>> novelties = new ArrayList<>();
        private final List<Set<Novelty>> retries = new ArrayList<>();
        private final List<Set<Novelty>> refusals = new ArrayList<>();

        @Override
        public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
            this.novelties.add(novelties);
        }

        @Override
        public void refreshRetried(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
            assertEquals(differences.isEmpty() ? OWNER : THIEF, retriedBy);
            retries.add(differences);
        }

        @Override
        public void refreshRetryRefused(
                String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
            assertEquals(THIEF, retriedBy);
            refusals.add(differences);
        }
    }
}
