package io.github.sessionaware.testing.history;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;

import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.StoreFixture.Nodes;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.history.History.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes in a forced order: one has read a session's record, the other renews the session's authentication, and only
 * then the first node writes.
 */
final class StaleNode {
    private static final String ALICE = "alice";

    private final FakeClock clock = new FakeClock(START);
    private final History history = new History(clock);
    private final PausingStore pausing;
    private final RecordedService stale;
    private final RecordedService other;
    private String answer = "";

    StaleNode(Nodes stores) {
        pausing = new PausingStore(stores.one());
        stale = recorded(pausing);
        other = recorded(stores.other());
    }

    private RecordedService recorded(SessionStore store) {
        SessionAwareTokenService service = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        return new RecordedService(service, service, history, Duration.ZERO);
    }

    /** Makes the call on the stale node, and then uses the old and the new tokens on both nodes. */
    void run(StaleCall call) {
        Held old = other.login(ALICE, LoginOptions.defaults()).orElseThrow();
        other.login(ALICE, LoginOptions.defaults());
        // A touch is due for a validate only, so that the first write of every other call is its own.
        clock.advance(call == StaleCall.VALIDATE ? Duration.ofMinutes(1) : Duration.ofSeconds(1));
        List<Held> next = new ArrayList<>();
        pausing.pause(() -> other.reauthenticate(old).ifPresent(next::add));

        call.on(stale, old);
        answer = lastEvent().kind();

        for (RecordedService node : List.of(stale, other)) {
            next.forEach(node::validate);
            node.validate(old);
            node.refresh(old);
            node.list(ALICE);
        }
    }

    private Event lastEvent() {
        List<Event> events = history.events();
        return events.get(events.size() - 1);
    }

    /** Returns the kind of the answer that the stale node gave. */
    String answer() {
        return answer;
    }

    /** Returns which writes of the stale node succeeded, in their order. */
    List<Boolean> writes() {
        return List.copyOf(pausing.writes);
    }

    List<Event> events() {
        return history.events();
    }

    /** Runs an action before its first write. */
    private static final class PausingStore extends StoreWrapper {
        private final List<Boolean> writes = new ArrayList<>();
        private @Nullable Runnable action;

        PausingStore(SessionStore store) {
            super(store);
        }

        void pause(Runnable untilThen) {
            action = untilThen;
        }

        @Override
        protected void beforeWrite() {
            Runnable once = action;
            action = null;
            if (once != null) {
                once.run();
            }
        }

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return noted(super.touch(seen, lastActiveAt, expiresAt));
        }

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return noted(super.replace(seen, next));
        }

        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            List<SessionRecord> deleted = super.delete(userId, sessionIds);
            noted(!deleted.isEmpty());
            return deleted;
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            List<SessionRecord> deleted = super.deleteAll(userId, keptSessionId);
            noted(!deleted.isEmpty());
            return deleted;
        }

        private boolean noted(boolean isWritten) {
            writes.add(isWritten);
            return isWritten;
        }
    }
}
