package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ReadMemory.Read;
import io.github.sessionaware.testing.Together;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory of reads stays within its bounds, keeps what is used, and forgets what is evicted. */
class ReadMemoryTest {
    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final long PLENTY = 1L << 30;

    private final ReadMemory memory = new ReadMemory(BOUND, 10_000, PLENTY);

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 11})
    void theMemoryKeepsAtMostItsEntriesAndAtLeastTheNewestHalf(int entries) {
        for (int puts = 1; puts < 40; puts++) {
            ReadMemory small = new ReadMemory(BOUND, entries, PLENTY);
            for (int i = 0; i < puts; i++) {
                put(small, "user " + i, 0);
            }

            for (int i = puts - 1; i >= 0 && i >= puts - entries / 2; i--) {
                assertNotNull(find(small, "user " + i), i + " of " + puts);
            }
            long kept = kept(small, puts);
            assertTrue(kept <= entries, () -> "kept " + kept);
        }
    }

    @Test
    void longRecordsTakeMoreOfTheMemory() {
        SessionRecord record = longest("a user");
        int bytes = ReadMemory.bytesOf(record);
        ReadMemory small = new ReadMemory(BOUND, 1_000_000, 10L * bytes);
        for (int i = 0; i < 100; i++) {
            small.put(new Read(longest("user " + i), at(0)), small.stamp("user " + i));
        }

        assertTrue(bytes > 10_000, () -> "A record of the longest texts takes " + bytes);
        long kept = kept(small, 100);
        assertTrue(kept >= 5 && kept <= 10, () -> "kept " + kept);
    }

    @Test
    void aSessionThatIsUsedMeanwhileStays() {
        ReadMemory ten = new ReadMemory(BOUND, 10, PLENTY);
        put(ten, "used", 0);
        put(ten, "unused", 0);
        for (int i = 0; i < 100; i++) {
            put(ten, "user " + i, 0);
            assertNotNull(find(ten, "used"), "after " + i);
        }

        assertNull(find(ten, "unused"));
    }

    /** Records that are older than the bound do not count, so they need not stay. */
    @Test
    void recordsLeaveTheMemoryAfterTwiceTheBound() {
        put(memory, "gone", 0);
        put(memory, "first", 5_001);
        assertNotNull(find(memory, "first"));
        put(memory, "second", 10_003);

        assertNull(find(memory, "gone"));
        assertNotNull(find(memory, "first"));
    }

    @Test
    void noRecordLeavesWithinTheBound() {
        for (int millis = 0; millis < 20_000; millis += 7) {
            put(memory, "user at " + millis, millis);
            for (int earlier = Math.max(0, millis - 4_998); earlier <= millis; earlier++) {
                if (earlier % 7 == 0) {
                    assertNotNull(find(memory, "user at " + earlier), millis + ": " + earlier);
                }
            }
        }
    }

    @Test
    void anEvictionForgetsOneSessionOrAllOfAUserAndNoOther() {
        List<SessionRecord> ofAlice = List.of(session("alice", "a"), session("alice", "b"), session("alice", "c"));
        for (SessionRecord session : ofAlice) {
            memory.put(new Read(session, at(0)), memory.stamp("alice"));
        }
        put(memory, "bob", 0);

        memory.evict("alice", ofAlice.get(0).id());
        assertNull(memory.find("alice", ofAlice.get(0).id()));
        assertNotNull(memory.find("alice", ofAlice.get(1).id()));
        memory.evictAll("alice");
        ofAlice.forEach(session -> assertNull(memory.find("alice", session.id())));
        assertNotNull(find(memory, "bob"));
    }

    /** A session may be in both generations. */
    @Test
    void anEvictionReachesBothGenerations() {
        for (boolean all : List.of(true, false)) {
            ReadMemory four = new ReadMemory(BOUND, 4, PLENTY);
            put(four, "alice", 0);
            put(four, "bob", 0);
            put(four, "carol", 0);
            put(four, "alice", 1);

            if (all) {
                four.evictAll("alice");
            } else {
                four.evict("alice", id("s"));
            }

            assertNull(find(four, "alice"));
        }
    }

    @Test
    void concurrentPutsAndEvictionsKeepTheBounds() throws Exception {
        ReadMemory hundred = new ReadMemory(BOUND, 100, PLENTY);
        List<Callable<Boolean>> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int first = thread * 1_000;
            threads.add(() -> {
                for (int i = first; i < first + 1_000; i++) {
                    put(hundred, "user " + i, 0);
                    find(hundred, "user " + (i - 60));
                    hundred.evictAll("user " + (i - 5));
                }
                return true;
            });
        }
        Together.call(threads);

        assertTrue(kept(hundred, 8_000) <= 100);
    }

    /** Fills the memory in a process with a small heap, with the share of the heap that a service gives it. */
    @Test
    void aFloodOfTheLongestRecordsDoesNotFillTheHeap() throws Exception {
        Process flood = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Flood.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(flood.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, flood.waitFor(), output);
        assertTrue(output.contains("bytes of the heap"), output);
    }

    /** Fails if the records take more of the heap than their share. */
    static final class Flood {
        private Flood() {}

        public static void main(String[] args) {
            long heap = Runtime.getRuntime().maxMemory();
            for (boolean isLong : List.of(true, false)) {
                ReadMemory memory = RecentReads.memoryFor(BOUND, heap);
                long before = used();
                for (int i = 0; i < 30_000; i++) {
                    SessionRecord record = isLong ? longest("user " + i) : session("user " + i, "s");
                    memory.put(new Read(record, at(0)), memory.stamp(record.userId()));
                }
                long taken = used() - before;
                System.out.printf("%d bytes of the heap of %d%n", taken, heap);
                if (taken > heap / 16) {
                    System.exit(2);
                }
                memory.evictAll("user 0");
            }
        }

        private static long used() {
            System.gc();
            System.gc();
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
    }

    private static void put(ReadMemory memory, String userId, long millis) {
        memory.put(new Read(session(userId, "s"), at(millis)), memory.stamp(userId));
    }

    private static Read find(ReadMemory memory, String userId) {
        return memory.find(userId, id("s"));
    }

    private static long kept(ReadMemory memory, int tried) {
        // Starts with the newest, because finding one in the older generation moves it.
        return IntStream.range(0, tried)
                .filter(i -> find(memory, "user " + (tried - 1 - i)) != null)
                .count();
    }

    private static ReadTime at(long millis) {
        return new ReadTime(millis * 1_000_000, START.plusMillis(millis));
    }

    private static SessionRecord session(String userId, String name) {
        return SessionRecord.builder(userId, id(name)).build();
    }

    private static String id(String name) {
        return name.repeat(22).substring(0, 22);
    }

    private static SessionRecord longest(String userId) {
        String text = "\uD83D\uDE00".repeat(512);
        return SessionRecord.builder(userId, id("s"))
                .client(ClientInfo.builder()
                        .device(text)
                        .userAgent(text)
                        .location(text)
                        .build())
                .attributes(Map.of("name", "\uFFFD".repeat(2_044)))
                .refreshState("x".repeat(255))
                .deviceKey("x".repeat(1_024))
                .build();
    }
}
