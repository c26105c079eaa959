package io.github.sessionaware.testing;

import io.github.sessionaware.SessionStore;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the calls that the service makes on a store. */
public final class CountingStore extends StoreWrapper {
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();

    public CountingStore(SessionStore store) {
        super(store);
    }

    @Override
    protected void beforeRead() {
        reads.incrementAndGet();
    }

    @Override
    protected void beforeWrite() {
        writes.incrementAndGet();
    }

    public int reads() {
        return reads.get();
    }

    public int writes() {
        return writes.get();
    }

    public int calls() {
        return reads() + writes();
    }

    public void reset() {
        reads.set(0);
        writes.set(0);
    }
}
