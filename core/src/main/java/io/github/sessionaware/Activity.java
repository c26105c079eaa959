package io.github.sessionaware;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the activity of sessions, at most once per interval. A request goes on if its activity cannot be recorded.
 */
final class Activity {
    private static final Logger log = LoggerFactory.getLogger(SessionAwareTokenService.class);

    private final GuardedStore store;
    private final SessionLifetime lifetime;
    private final @Nullable RecentReads recent;

    /** The sessions whose activity this node is writing at this moment. */
    private final Set<SessionKey> touching = ConcurrentHashMap.newKeySet();

    /** Null stands for a service that asks the store at every request. */
    Activity(GuardedStore store, SessionLifetime lifetime, @Nullable RecentReads recent) {
        this.store = store;
        this.lifetime = lifetime;
        this.recent = recent;
    }

    /**
     * When several requests read the same record, one of them writes its activity. On this node the others skip the
     * write. On other nodes their conditional update fails, which is harmless. A session that was revoked since it was
     * read stays revoked, because a touch changes only an existing record.
     *
     * <p>A record of a recent read is touched like any other. The touch evicts it, so the next request reads the record
     * with its new activity, whether this touch won or another node's.
     *
     * @return the session as it is now, as far as this call knows
     */
    SessionRecord record(SessionRecord session, Instant now) {
        if (!lifetime.touchIsDue(session, now) || (recent != null && recent.hasFailedTouch(session))) {
            return session;
        }
        SessionKey key = new SessionKey(session.userId(), session.id());
        if (!touching.add(key)) {
            return session;
        }
        try {
            Instant expiresAt = lifetime.active(session, now).expiresAt();
            return store.touch(session, now, expiresAt) ? session.touched(now, expiresAt) : session;
        } catch (SessionStoreException e) {
            // The warning has no stack trace, because requests repeat it until the store can write again.
            Warnings.log(
                    log,
                    "The session store could not record activity; the request continues: {}, cause: {}",
                    e,
                    "" + e.getCause());
            if (recent != null) {
                recent.noteFailedTouch(session);
            }
            return session;
        } finally {
            touching.remove(key);
        }
    }

    private record SessionKey(String userId, String sessionId) {}
}
