package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.testing.StoreFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What happens to a session over hours, when its refresh token is stolen or an answer is lost. */
public interface RefreshStories extends StoreFixture {
    ClientInfo OWNER = new ClientInfo("Firefox 140 on Linux", "Mozilla/5.0", "192.0.2.7", "Berlin, DE");
    ClientInfo THIEF = new ClientInfo("Chrome on Windows", null, "203.0.113.9", null);

    /** The thief also learns the password. That he has refreshed a stolen session before must not make him known. */
    @Test
    default void aThiefWhoRefreshedOnceStillLooksNewWhenHeLogsIn() {
        Logins logins = new Logins();
        TwoServices services = new TwoServices(emptyStores(), builder -> builder.listener(logins));
        IssuedTokens stolen = services.one.issue(ALICE, OWNER);
        services.other.refresh(stolen.refreshToken(), THIEF);

        Session shown = services.one.listSessions(ALICE).get(0);
        services.one.issue(ALICE, THIEF);
        services.other.issue(ALICE, OWNER);

        assertEquals(THIEF, shown.client(), "Nothing of the owner may stand beside the thief's device and address");
        assertEquals(
                List.of(Set.of(), Set.of(SessionListener.Novelty.DEVICE, SessionListener.Novelty.NETWORK), Set.of()),
                logins.novelties);
    }

    /** Records what was new about each login. */
    final class Logins implements SessionListener {
        private final List<Set<Novelty>> novelties = new ArrayList<>();

        @Override
        public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
            this.novelties.add(novelties);
        }
    }
}
