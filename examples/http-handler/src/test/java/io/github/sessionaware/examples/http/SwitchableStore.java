package io.github.sessionaware.examples.http;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A store that can be down, wholly or only for lists. */
final class SwitchableStore implements SessionStore {
    private final SessionStore store = new InMemorySessionStore();
    volatile boolean down;
    volatile boolean listDown;

    private SessionStore reached() {
        if (down) {
            throw new SessionStoreException("Down for the test", new IllegalStateException("db-host-7 refused"));
        }
        return store;
    }

    @Override
    public void create(Session session) {
        reached().create(session);
    }

    @Override
    public Optional<List<Session>> createLimited(
            Session session, Function<List<Session>, Optional<List<Session>>> choice) {
        return reached().createLimited(session, choice);
    }

    @Override
    public Optional<Session> find(String sessionId) {
        return reached().find(sessionId);
    }

    @Override
    public List<Session> list(String userId) {
        if (listDown) {
            throw new SessionStoreException("Lists are down for the test");
        }
        return reached().list(userId);
    }

    @Override
    public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        return reached().touch(seen, lastActiveAt, expiresAt);
    }

    @Override
    public boolean replace(Session seen, Session next) {
        return reached().replace(seen, next);
    }

    @Override
    public Optional<Session> delete(String userId, String sessionId) {
        return reached().delete(userId, sessionId);
    }

    @Override
    public List<Session> deleteOthers(String userId, String keptSessionId) {
        return reached().deleteOthers(userId, keptSessionId);
    }

    @Override
    public List<Session> deleteAll(String userId) {
        return reached().deleteAll(userId);
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        return reached().purge(expiredAtOrBefore);
    }
}
