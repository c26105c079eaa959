package io.github.sessionaware.servlet;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.StoreWrapper;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store that a test takes away, wholly or for the ending of sessions only. */
final class FaultyStore extends StoreWrapper {
    volatile boolean isDown;
    volatile boolean deletesNothing;
    volatile boolean listsNothing;

    /** Runs before a login is stored. */
    volatile Runnable beforeCreate = () -> {};

    /** Runs after a login was stored. */
    volatile Runnable afterCreate = () -> {};

    /** Runs before the record of a refresh is replaced. */
    volatile Runnable beforeReplace = () -> {};

    /** Runs after the record of a refresh was replaced. */
    volatile Runnable afterReplace = () -> {};

    FaultyStore(SessionStore store) {
        super(store);
    }

    @Override
    protected void beforeRead() {
        if (isDown) {
            throw new SessionStoreException("taken away");
        }
    }

    @Override
    protected void beforeWrite() {
        beforeRead();
    }

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        beforeCreate.run();
        Optional<List<SessionRecord>> left = super.create(session, admission);
        afterCreate.run();
        return left;
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        beforeReplace.run();
        boolean isReplaced = super.replace(seen, next);
        afterReplace.run();
        return isReplaced;
    }

    @Override
    public List<SessionRecord> list(String userId) {
        if (listsNothing) {
            throw new SessionStoreException("lists nothing");
        }
        return super.list(userId);
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        if (deletesNothing) {
            throw new SessionStoreException("deletes nothing");
        }
        return super.delete(userId, sessionIds);
    }
}
