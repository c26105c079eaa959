package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.ReadMemory.Read;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A session that was revoked is not found after its eviction, in whatever order the steps of the threads happen.
 * Lincheck runs the real class in many orders. Each broken twin leaves out one step of the proof in {@link ReadMemory},
 * and Lincheck must catch it.
 */
@Tag("thorough")
@Isolated("Lincheck instruments classes that other tests use")
class ReadMemoryInterleavingsTest {
    private static final int INTERLEAVINGS = Integer.getInteger("lincheck.interleavings", 500);
    /** More, because a twin fails only where two threads stop at certain steps. */
    private static final int UNTIL_CAUGHT = Math.max(3_000, 10 * INTERLEAVINGS);

    private static final SessionRecord SESSION =
            SessionRecord.builder("alice", "s".repeat(22)).build();
    private static final SessionRecord OTHER =
            SessionRecord.builder("bob", "o".repeat(22)).build();
    private static final ReadTime NOW = new ReadTime(0, START);

    @Test
    void aReadThatOverlapsARevocationLeavesNothing() {
        readWhileRevoking(INTERLEAVINGS, Memory::new);
    }

    @Test
    void aPutWithoutTheStampIsCaught() {
        assertCaught(() -> readWhileRevoking(UNTIL_CAUGHT, () -> new Memory() {
            @Override
            synchronized void put(Read read, long stamp) {
                super.put(read, stamp(read.session().userId()));
            }
        }));
    }

    @Test
    void aPutThatComparesTheStampBeforeItTakesTheLockIsCaught() {
        assertCaught(() -> readWhileRevoking(UNTIL_CAUGHT, () -> new Memory() {
            @Override
            @SuppressWarnings("UnsynchronizedOverridesSynchronized") // This is the mistake.
            void put(Read read, long stamp) {
                if (stamp(read.session().userId()) == stamp) {
                    super.put(read, stamp(read.session().userId()));
                }
            }
        }));
    }

    @Test
    void aFindThatMovesARecordDuringAnEvictionLeavesNothing() {
        findWhileRevoking(INTERLEAVINGS, Memory::new);
    }

    @Test
    void aFindThatDoesNotLookAgainUnderTheLockIsCaught() {
        assertCaught(() -> findWhileRevoking(UNTIL_CAUGHT, () -> new Memory() {
            @Override
            boolean isStillThere(Read found) {
                return true;
            }
        }));
    }

    /** One request reads and remembers, another revokes, and a third one fills the generation. */
    private static void readWhileRevoking(int interleavings, Supplier<Memory> memories) {
        Lincheck.runConcurrentTest(interleavings, () -> {
            Memory memory = memories.get();
            AtomicReference<@Nullable SessionRecord> stored = new AtomicReference<>(SESSION);
            together(() -> memory.read(stored), () -> memory.revoke(stored), () -> memory.put(OTHER));
            assertNull(memory.find(SESSION.userId(), SESSION.id()));
        });
    }

    /** The session is in the older generation. */
    private static void findWhileRevoking(int interleavings, Supplier<Memory> memories) {
        Lincheck.runConcurrentTest(interleavings, () -> {
            Memory memory = memories.get();
            AtomicReference<@Nullable SessionRecord> stored = new AtomicReference<>(SESSION);
            memory.put(SESSION);
            memory.put(OTHER);
            together(() -> memory.find(SESSION.userId(), SESSION.id()), () -> memory.revoke(stored));
            assertNull(memory.find(SESSION.userId(), SESSION.id()));
        });
    }

    private static void assertCaught(Runnable check) {
        assertThrows(LincheckAssertionError.class, check::run);
    }

    private static void together(Runnable... calls) {
        Thread[] threads = new Thread[calls.length];
        for (int i = 0; i < calls.length; i++) {
            threads[i] = new Thread(calls[i]);
            threads[i].start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Holds one session in each generation. */
    private static class Memory extends ReadMemory {
        Memory() {
            super(Duration.ofSeconds(5), 2, 1 << 20);
        }

        void put(SessionRecord session) {
            put(new Read(session, NOW), stamp(session.userId()));
        }

        void read(AtomicReference<@Nullable SessionRecord> store) {
            long stamp = stamp(SESSION.userId());
            SessionRecord found = store.get();
            if (found != null) {
                put(new Read(found, NOW), stamp);
            }
        }

        void revoke(AtomicReference<@Nullable SessionRecord> store) {
            store.set(null);
            evict(SESSION.userId(), SESSION.id());
        }
    }
}
