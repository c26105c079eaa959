package io.github.sessionaware;

import io.github.sessionaware.ReadMemory.Read;
import io.github.sessionaware.SessionMetrics.RecentReadMiss;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets {@code validate} accept a session that a recent read of this node has seen. The rule: a read counts while it
 * <em>began</em> no longer ago than the bound, and this node has not changed the session since. Only a record that was
 * found is remembered, so every refusal is an answer of the store.
 *
 * <p>Why no yes is older than the bound: a revocation on another node that returned before the read began was seen by
 * the read. So a session that is accepted here was revoked no longer ago than the bound, if at all. The clocks of the
 * nodes need not agree. A revocation on this node removes the record before it returns, see {@link EvictingStore}.
 *
 * <p>Not final, because tests leave out one step each to show that they notice.
 */
class RecentReads {
    /** The records take at most a sixteenth of the heap. */
    private static final int SHARE_OF_HEAP = 16;

    private static final long HEAP_PER_ENTRY = 16 * 1024;

    private final Duration bound;
    private final LongSupplier monotonic;
    private final ServiceClock clock;
    private final ReadMemory memory;
    private final SessionMetrics metrics;

    /** @param metrics must not throw */
    RecentReads(Duration bound, LongSupplier monotonic, ServiceClock clock, ReadMemory memory, SessionMetrics metrics) {
        this.bound = bound;
        this.monotonic = monotonic;
        this.clock = clock;
        this.memory = memory;
        this.metrics = metrics;
    }

    /** Creates a memory whose size depends on the largest heap that this process may have. */
    static ReadMemory memoryFor(Duration bound, long maxHeap) {
        return new ReadMemory(
                bound, (int) Math.min(Integer.MAX_VALUE, maxHeap / HEAP_PER_ENTRY), maxHeap / SHARE_OF_HEAP);
    }

    /**
     * Returns the live session of a token, as a recent read saw it. Returns null if there is none, and the store must
     * be asked. Whatever does not fit the token may have changed since the read, so the store decides about it.
     */
    @Nullable
    SessionRecord find(VerifiedClaims claims, SessionLifetime lifetime, Instant now) {
        Read read = memory.find(claims.userId(), claims.sessionId());
        if (read == null) {
            return miss(RecentReadMiss.NOT_REMEMBERED);
        }
        ReadTime time = new ReadTime(monotonic.getAsLong(), now);
        Duration age = read.began().ageAt(time);
        if (!isRecent(read.began(), time)) {
            return miss(age.compareTo(bound) > 0 ? RecentReadMiss.TOO_OLD : RecentReadMiss.CLOCKS_DISAGREE);
        }
        if (read.session().generation() != claims.generation()) {
            return miss(RecentReadMiss.OTHER_GENERATION);
        }
        if (!lifetime.isLive(read.session(), now)) {
            return miss(RecentReadMiss.EXPIRED);
        }
        metrics.recentReadHit(age.toNanos());
        return read.session();
    }

    private @Nullable SessionRecord miss(RecentReadMiss cause) {
        metrics.recentReadMiss(cause);
        return null;
    }

    boolean isRecent(ReadTime began, ReadTime now) {
        return began.isWithin(bound, now);
    }

    /** Reads the store and remembers what it found. */
    Optional<SessionRecord> read(String userId, Supplier<Optional<SessionRecord>> read) {
        // Both must be taken before the read begins. Otherwise the read may miss a revocation that the time or the
        // stamp already includes.
        ReadTime began = now();
        long stamp = memory.stamp(userId);
        Optional<SessionRecord> found = read.get();
        found.ifPresent(session -> memory.put(new Read(session, began), stamp));
        return found;
    }

    ReadTime now() {
        return new ReadTime(monotonic.getAsLong(), clock.now());
    }

    /** Returns whether the store failed to record activity of this record, as a recent read saw it. */
    boolean hasFailedTouch(SessionRecord session) {
        Read read = memory.find(session.userId(), session.id());
        return read != null && read.touchFailed() && read.session().equals(session);
    }

    /**
     * Notes that the store failed to record activity of this record. Requests go on with the record until the bound,
     * and none of them waits for a second failure.
     */
    void noteFailedTouch(SessionRecord session) {
        Read read = memory.find(session.userId(), session.id());
        if (read != null && read.session().equals(session)) {
            read.setTouchFailed();
        }
    }

    /** Returns the store for everything that may change a session. */
    SessionStore evicting(SessionStore store, Consumer<Runnable> dispatcher) {
        return new EvictingStore(store, memory, dispatcher);
    }
}
