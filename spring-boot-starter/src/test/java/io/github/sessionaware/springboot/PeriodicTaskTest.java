package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.inMemory;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Work that runs again and again: the purge of expired sessions. */
class PeriodicTaskTest {
    private static final Duration OFTEN = Duration.ofMillis(2);

    @Test
    void aPurgeRemovesExpiredSessionsOnADaemonThread() {
        FakeClock clock = new FakeClock(TestService.START);
        CountDownLatch purged = new CountDownLatch(1);
        AtomicReference<Thread> thread = new AtomicReference<>();
        SessionStore store = new StoreWrapper(new InMemorySessionStore()) {
            @Override
            public int purge(Instant expiredAtOrBefore) {
                int removed = super.purge(expiredAtOrBefore);
                if (removed > 0) {
                    thread.set(Thread.currentThread());
                    purged.countDown();
                }
                return removed;
            }
        };
        inMemory()
                .withPropertyValues("session-aware-jwt.purge.interval=2ms")
                .withBean(SessionStore.class, () -> store)
                .withBean(SessionAwareTokenServiceBuilderCustomizer.class, () -> builder -> builder.clock(clock))
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
                    tokens.issue("user-42", ClientInfo.unknown(), LoginOptions.defaults());
                    clock.advance(Duration.ofDays(60));

                    assertTrue(purged.await(30, TimeUnit.SECONDS));
                    assertTrue(thread.get().isDaemon());
                    assertEquals("session-aware-jwt-purge", thread.get().getName());
                });
    }

    @Test
    void aPurgeCanBeSwitchedOff() {
        inMemory()
                .withPropertyValues("session-aware-jwt.purge.enabled=false")
                .run(context -> assertEquals(0, context.getBeanNamesForType(PeriodicTask.class).length));
    }

    @Test
    void aFailedRunIsTriedAgain() throws InterruptedException {
        CountDownLatch third = new CountDownLatch(3);
        PeriodicTask task = new PeriodicTask("test", OFTEN, () -> {
            third.countDown();
            throw new SessionStoreException("down, as this test wants it");
        });
        task.start();
        try {
            assertTrue(third.await(30, TimeUnit.SECONDS));
        } finally {
            task.stop();
        }
    }

    @Test
    void aStopInterruptsARunAndWaitsForIt() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        PeriodicTask task = new PeriodicTask("test", OFTEN, () -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ended.set(true);
            }
        });
        task.start();
        assertTrue(running.await(30, TimeUnit.SECONDS));

        task.stop();

        assertTrue(ended.get());
        assertFalse(task.isRunning());
    }

    @Test
    void aStoppedTaskCanStartAgainAndStartsOnce() throws InterruptedException {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        AtomicReference<CountDownLatch> ran = new AtomicReference<>(new CountDownLatch(2));
        PeriodicTask task = new PeriodicTask("test", OFTEN, () -> {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            ran.get().countDown();
            atOnce.decrementAndGet();
        });
        task.start();
        task.start();
        assertTrue(ran.get().await(30, TimeUnit.SECONDS));
        task.stop();
        task.stop();

        ran.set(new CountDownLatch(2));
        task.start();
        assertTrue(ran.get().await(30, TimeUnit.SECONDS));
        task.stop();

        assertEquals(1, mostAtOnce.get());
    }
}
