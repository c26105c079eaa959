package io.github.sessionaware.testing.invariants;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.invariants.TwoServices.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.Together;
import io.github.sessionaware.testing.Together.StartingLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Activity is monotonic and cheap (invariant 7): at most one write per session and interval, and never backwards. */
public interface ActivityInvariants extends Races {

    @Test
    default void onlyOneOfConcurrentTouchesIsWritten() throws Exception {
        Nodes stores = emptyStores();
        TwoServices services = new TwoServices(stores);
        IssuedTokens login = services.login();
        for (int round = 1; round <= rounds(); round++) {
            services.clock.set(START.plus(Duration.ofMinutes(round)));
            AtomicInteger written = new AtomicInteger();
            StartingLine allHaveRead = new StartingLine(CALLERS);
            // Each caller has a service of its own, because one service lets only one of its callers write.
            List<SessionAwareTokenService> callers = IntStream.range(0, CALLERS)
                    .mapToObj(caller -> services.on(new StoreWrapper(caller % 2 == 0 ? stores.one() : stores.other()) {
                        @Override
                        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
                            allHaveRead.await();
                            boolean won = super.touch(seen, lastActiveAt, expiresAt);
                            written.addAndGet(won ? 1 : 0);
                            return won;
                        }
                    }))
                    .toList();

            Together.call(CALLERS, caller -> callers.get(caller).validate(login.accessToken()));

            assertEquals(1, written.get());
            assertEquals(services.clock.instant(), lastActiveAt(services));
        }
        Instant latest = services.clock.instant();

        services.clock.set(START.minus(Duration.ofMinutes(5)));
        services.one.validate(login.accessToken());

        assertEquals(latest, lastActiveAt(services));
    }

    private static Instant lastActiveAt(TwoServices services) {
        return services.other.listSessions(ALICE).get(0).lastActiveAt();
    }
}
