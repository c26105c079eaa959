package io.github.sessionaware.tck.elsewhere;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store with its own time-to-live: each call first drops the records that have expired. */
public class ExpiringStore extends MapSessionStore {

    /** Returns the latest deadline of the records that leave now. */
    protected Instant dropsUntil() {
        return Instant.now();
    }

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        drop();
        return super.create(session, admission);
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        drop();
        return super.find(userId, sessionId);
    }

    @Override
    public List<SessionRecord> list(String userId) {
        drop();
        return super.list(userId);
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        drop();
        return super.replace(seen, next);
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        drop();
        return super.delete(userId, sessionIds);
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        drop();
        return super.deleteAll(userId, keptSessionId);
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        drop();
        return super.purge(expiredAtOrBefore);
    }

    private void drop() {
        super.purge(dropsUntil());
    }
}
