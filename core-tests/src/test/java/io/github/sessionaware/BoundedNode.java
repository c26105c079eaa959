package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes on one store. The node {@code here} has a maximal staleness of five seconds. The node {@code there} asks
 * the store at every request.
 */
final class BoundedNode {
    static final Duration BOUND = Duration.ofSeconds(5);
    static final Duration ACTIVITY_INTERVAL = Duration.ofMinutes(1);
    static final ClientInfo CLIENT = ClientInfo.unknown();

    final TwoClocks clocks = new TwoClocks(START);
    final ReferenceStore shared = new ReferenceStore();
    final FaultyStore store = new FaultyStore(shared);
    final CountingStore calls = new CountingStore(store);
    final SessionAwareTokenService here;
    final SessionAwareTokenService there = settings(shared).build();

    BoundedNode() {
        here = settings(calls).maxStaleness(BOUND).build();
    }

    /** Creates a node whose memory leaves out a step. */
    BoundedNode(Function<NodeClocks, RecentReads> broken) {
        ServiceSettings whole = settings(calls).maxStaleness(BOUND).settings();
        here = withReads(whole, broken.apply(new NodeClocks(clocks::monotonic, whole.clock())), calls);
    }

    static SessionAwareTokenService withReads(ServiceSettings settings, RecentReads reads, SessionStore store) {
        return new SessionAwareTokenService(
                new ServiceSettings(
                        settings.codec(),
                        settings.refreshTokens(),
                        settings.lifetime(),
                        settings.clock(),
                        settings.random(),
                        settings.limit(),
                        settings.listeners(),
                        settings.metrics(),
                        reads,
                        settings.deviceBinding()),
                store);
    }

    SessionAwareTokenServiceBuilder settings(SessionStore on) {
        return clocks.on(aServiceOn(on))
                .activityInterval(ACTIVITY_INTERVAL)
                .idleTimeout(Duration.ofMinutes(30))
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((userId, session) -> Map.of())
                .sessionLimit(new SessionLimit(3, SessionLimit.AtLimit.END_OLDEST));
    }

    IssuedTokens login() {
        return there.issue("alice", CLIENT);
    }

    /** Logs in and lets this node remember the session. */
    IssuedTokens remembered() {
        IssuedTokens login = login();
        here.validate(login.accessToken());
        calls.reset();
        return login;
    }

    void assertAccepted(IssuedTokens login) {
        AuthenticatedSession current = assertDoesNotThrow(() -> here.validate(login.accessToken()));
        assertEquals(login.session().id(), current.sessionId());
    }

    void assertRefused(IssuedTokens login) {
        assertRefused(Reason.SESSION_ENDED, login);
    }

    void assertRefused(Reason reason, IssuedTokens login) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> here.validate(login.accessToken()));
        assertEquals(reason, refusal.reason());
    }

    /** Runs on a thread of its own, as another request does, and waits for its end. */
    static void inAnotherRequest(Runnable action) {
        CompletableFuture.runAsync(action).orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Lets a test act during a read, and lets calls fail. */
    static final class FaultyStore extends StoreWrapper {
        private @Nullable Runnable duringNextRead;
        private @Nullable Runnable beforeNextDelete;
        private Fault fault = Fault.NONE;
        private boolean hidesSessions;

        FaultyStore(SessionStore store) {
            super(store);
        }

        /** Acts once, after the next read has seen the record and before its caller gets it. */
        void duringNextRead(Runnable action) {
            duringNextRead = action;
        }

        /** Acts once, when a delete has begun and not yet removed anything. */
        void beforeNextDelete(Runnable action) {
            beforeNextDelete = action;
        }

        void fault(Fault next) {
            fault = next;
        }

        /** Hides all sessions from reads, as a replica does that lags behind. */
        void hideSessions(boolean hides) {
            hidesSessions = hides;
        }

        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            fault.mayFailRead();
            Optional<SessionRecord> found = hidesSessions ? Optional.empty() : super.find(userId, sessionId);
            Runnable action = duringNextRead;
            duringNextRead = null;
            if (action != null) {
                action.run();
            }
            return found;
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return fault.of(() -> super.create(session, admission));
        }

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return fault.of(() -> super.touch(seen, lastActiveAt, expiresAt));
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return fault.of(() -> super.replace(seen, next));
        }

        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            Runnable action = beforeNextDelete;
            beforeNextDelete = null;
            if (action != null) {
                action.run();
            }
            return fault.of(() -> super.delete(userId, sessionIds));
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return fault.of(() -> super.deleteAll(userId, keptSessionId));
        }
    }

    enum Fault {
        NONE,
        /** Changes are made, and their answers get lost. */
        ANSWERS_GET_LOST,
        DOWN;

        <T> T of(Supplier<T> change) {
            if (this == DOWN) {
                throw new SessionStoreException("The store is down");
            }
            T answer = change.get();
            if (this == ANSWERS_GET_LOST) {
                throw new SessionStoreException("The answer got lost");
            }
            return answer;
        }

        void mayFailRead() {
            if (this == DOWN) {
                throw new SessionStoreException("The store is down");
            }
        }
    }
}
