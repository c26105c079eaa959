package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static io.github.sessionaware.testing.invariants.TwoServices.CLIENT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.testing.StoreFixture;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The host sees no surprises (invariant 12). */
public interface HostInvariants extends StoreFixture {

    @Test
    default void serviceAndStoreStartNoThread() {
        // A connection pool may start threads when it is first used.
        useEverything();
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        useEverything();

        Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
        started.removeAll(before);
        assertEquals(Set.of(), started);
    }

    private void useEverything() {
        TwoServices services = new TwoServices(emptyStores());
        SessionAwareTokenService service = services.one;
        IssuedTokens login = service.issue(ALICE, CLIENT);
        services.clock.advance(Duration.ofMinutes(1));
        service.refresh(login.refreshToken(), CLIENT);
        AuthenticatedSession current = service.validate(login.accessToken());
        IssuedTokens next = service.reauthenticate(current);
        service.rename(current, next.session().id(), "tablet");
        service.listSessions(current);
        service.revokeOthers(current);
        service.revoke(current, next.session().id());
        service.revoke(current);
        service.revokeByRefreshToken(service.issue(ALICE, CLIENT).refreshToken());
        service.revokeAllSessions(ALICE);
        service.purgeExpiredSessions();
    }
}
