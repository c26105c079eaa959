package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.examples.devices.PasswordThrottle.Client;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PasswordThrottleTest {
    private static final String HERE = "192.0.2.7";
    private static final String ELSEWHERE = "198.51.100.9";

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-25T09:00:00Z"));
    private final PasswordThrottle throttle = new PasswordThrottle(clock, 8);
    private final AtomicInteger checks = new AtomicInteger();

    @Test
    void anAccountHasTenTriesAndThenOneEveryTenSeconds() {
        for (int i = 0; i < 10; i++) {
            wrong("alice", HERE);
        }

        assertWait("10", () -> wrong("alice", HERE));
        assertEquals(10, checks.get());

        clock.advance(Duration.ofMillis(9_999));
        assertWait("1", () -> right("alice", HERE));
        clock.advance(Duration.ofMillis(1));
        wrong("alice", HERE);
        assertWait("10", () -> wrong("alice", HERE));
    }

    @Test
    void aNetworkHasThirtyTriesOverAllAccountsAndThenOneEveryTwentySeconds() {
        for (int i = 0; i < 30; i++) {
            wrong("user" + i, "2001:db8::" + i);
        }

        assertWait("20", () -> wrong("another", "2001:db8::ffff"));
        wrong("another", "2001:db8:0:1::1");

        clock.advance(Duration.ofSeconds(20));
        wrong("another", "2001:db8::ffff");
        assertWait("20", () -> wrong("another", "2001:db8::ffff"));
    }

    @Test
    void aRightPasswordTakesBackOnlyItsOwnCount() {
        for (int i = 0; i < 9; i++) {
            wrong("alice", HERE);
        }
        for (int i = 0; i < 50; i++) {
            right("alice", HERE);
            right("thief", HERE);
        }

        wrong("alice", HERE);
        assertWait("10", () -> wrong("alice", HERE));
        for (int i = 0; i < 20; i++) {
            wrong("user" + i, HERE);
        }
        assertWait("20", () -> wrong("another", HERE));
    }

    /** Otherwise the holder of one account could keep busy what is there for checking passwords. */
    @Test
    void anAccountHas100RightPasswordsPerNetworkAndThenOneEverySecond() {
        for (int i = 0; i < 100; i++) {
            right("alice", HERE);
        }

        assertWait("1", () -> right("alice", HERE));
        assertWait("1", () -> throttle.check(session("session"), "alice", () -> OptionalInt.of(1)));
        assertWait("1", () -> throttle.check(browser("browser"), "alice", () -> OptionalInt.of(1)));
        right("bob", HERE);
        right("alice", ELSEWHERE);

        clock.advance(Duration.ofSeconds(1));
        right("alice", HERE);
        assertWait("1", () -> right("alice", HERE));
    }

    /** Otherwise strangers without a try could use up the tries of a network, or fill the memory. */
    @Test
    void aRefusedTryCountsForNothing() {
        for (int i = 0; i < 10; i++) {
            wrong("alice", HERE);
        }
        for (int i = 0; i < 100; i++) {
            assertWait("10", () -> wrong("alice", ELSEWHERE));
        }

        for (int i = 0; i < 30; i++) {
            wrong("user" + i, ELSEWHERE);
        }
        assertWait("20", () -> wrong("bob", ELSEWHERE));
        for (int i = 0; i < 10; i++) {
            wrong("bob", HERE);
        }
    }

    @Test
    void oneNetworkThatNeverStopsCannotKeepTheOwnerOut() {
        for (int second = 0; second < 600; second++) {
            clock.advance(Duration.ofSeconds(1));
            tryWrong("alice", HERE);
        }

        assertEquals(OptionalInt.of(1), right("alice", ELSEWHERE));
    }

    @Test
    void aKnownBrowserAndASessionCountApartFromStrangersAndFromEachOther() {
        for (int i = 0; i < 10; i++) {
            wrong("alice", HERE);
        }
        assertWait("10", () -> wrong("alice", HERE));

        for (int i = 0; i < 10; i++) {
            throttle.check(browser("browser"), "alice", OptionalInt::empty);
            throttle.check(session("session"), "alice", OptionalInt::empty);
        }
        assertWait(
                "10",
                () -> throttle.check(
                        new Client(ELSEWHERE, Optional.of("browser"), Optional.empty()), "alice", OptionalInt::empty));
        assertWait("10", () -> throttle.check(session("session"), "alice", OptionalInt::empty));
        throttle.check(session("browser"), "alice", OptionalInt::empty);
        throttle.check(browser("session"), "alice", OptionalInt::empty);
    }

    @Test
    void simultaneousTriesDoNotExceedTheLimit() throws Exception {
        List<Boolean> checked = Together.call(40, caller -> tryWrong("alice", HERE));

        assertEquals(10, checked.stream().filter(Boolean::booleanValue).count());
        assertEquals(10, checks.get());
    }

    @Test
    void onOneProcessorOneCheckRunsSevenWaitAndTheNextIsRefusedWithoutCounting() throws Exception {
        PasswordThrottle narrow = new PasswordThrottle(clock, 1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String user = "user" + i;
            Thread thread = new Thread(() -> narrow.check(stranger(HERE), user, () -> {
                running.incrementAndGet();
                return waitFor(end);
            }));
            thread.start();
            waiting.add(thread);
        }
        try {
            // Each thread waits for the latch or for the processor.
            while (!waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
                Thread.onSpinWait();
            }

            assertEquals(1, running.get());
            for (int i = 0; i < 20; i++) {
                assertWait("1", () -> narrow.check(stranger(ELSEWHERE), "alice", OptionalInt::empty));
            }
        } finally {
            end.countDown();
            for (Thread thread : waiting) {
                thread.join();
            }
        }
        for (int i = 0; i < 10; i++) {
            narrow.check(stranger(ELSEWHERE), "alice", OptionalInt::empty);
        }
    }

    private static OptionalInt waitFor(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return OptionalInt.empty();
    }

    private OptionalInt wrong(String account, String address) {
        return signIn(account, address, OptionalInt.empty());
    }

    private OptionalInt right(String account, String address) {
        return signIn(account, address, OptionalInt.of(1));
    }

    private boolean tryWrong(String account, String address) {
        try {
            wrong(account, address);
            return true;
        } catch (TooManyAttempts e) {
            return false;
        }
    }

    private OptionalInt signIn(String account, String address, OptionalInt answer) {
        return throttle.check(stranger(address), account, () -> {
            checks.incrementAndGet();
            return answer;
        });
    }

    private static Client stranger(String address) {
        return new Client(address, Optional.empty(), Optional.empty());
    }

    private static Client browser(String id) {
        return new Client(HERE, Optional.of(id), Optional.of("session"));
    }

    private static Client session(String id) {
        return new Client(HERE, Optional.empty(), Optional.of(id));
    }

    private static void assertWait(String seconds, Supplier<OptionalInt> tried) {
        assertEquals(seconds, assertThrows(TooManyAttempts.class, tried::get).retryAfter());
    }
}
