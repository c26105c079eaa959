package io.github.sessionaware.examples.http;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.StoreWrapper;
import java.util.List;

/** A store that a test can make fail, wholly or only for lists. */
final class SwitchableStore extends StoreWrapper {
    volatile boolean isDown;
    volatile boolean isListDown;

    SwitchableStore() {
        super(new InMemorySessionStore());
    }

    @Override
    protected void beforeRead() {
        if (isDown) {
            throw new SessionStoreException("Down for the test", new IllegalStateException("db-host-7 refused"));
        }
    }

    @Override
    protected void beforeWrite() {
        beforeRead();
    }

    @Override
    public List<SessionRecord> list(String userId) {
        if (isListDown) {
            throw new SessionStoreException("Lists are down for the test");
        }
        return super.list(userId);
    }
}
