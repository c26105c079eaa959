package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.StoreWrapper;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that a test takes away, and that counts its reads. */
final class SwitchableStore extends StoreWrapper {
    final AtomicInteger reads = new AtomicInteger();
    volatile boolean isDown;

    SwitchableStore() {
        super(new InMemorySessionStore());
    }

    @Override
    protected void beforeRead() {
        reads.incrementAndGet();
        if (isDown) {
            throw new SessionStoreException("taken away");
        }
    }
}
