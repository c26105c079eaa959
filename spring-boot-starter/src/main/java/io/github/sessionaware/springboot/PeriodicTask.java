package io.github.sessionaware.springboot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs a task again and again on a daemon thread of its own, from the start of the application to its end. The thread
 * depends neither on a scheduler of the application nor on {@code @EnableScheduling}. A failure is logged, and the next
 * run tries again.
 *
 * <p>The intervals differ by a tenth, and the first run comes within the first interval at random. So nodes that start
 * together do not run the task at the same time.
 */
final class PeriodicTask implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(PeriodicTask.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final String name;
    private final long intervalMillis;
    private final Runnable task;
    private @Nullable Run current;

    PeriodicTask(String name, Duration interval, Runnable task) {
        this.name = name;
        this.intervalMillis = Math.max(1, interval.toMillis());
        this.task = task;
    }

    @Override
    public synchronized void start() {
        if (current == null) {
            current = new Run();
            current.thread.start();
        }
    }

    /** Interrupts a run, and waits a few seconds for it, so that it does not use what is closed next. */
    @Override
    public void stop() {
        Run stopped;
        synchronized (this) {
            stopped = current;
            current = null;
        }
        if (stopped != null) {
            stopped.stop();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return current != null;
    }

    /** The thread between a start and a stop. */
    private final class Run {
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final Thread thread = new Thread(this::repeat, name);

        Run() {
            thread.setDaemon(true);
        }

        private void repeat() {
            long delay = ThreadLocalRandom.current().nextLong(intervalMillis) + 1;
            try {
                while (!stopped.await(delay, TimeUnit.MILLISECONDS)) {
                    runOnce();
                    delay = (long) (intervalMillis * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
                }
            } catch (InterruptedException e) {
                // stop() interrupts only this thread, which ends here.
            }
        }

        private void runOnce() {
            try {
                task.run();
            } catch (Exception | Error e) {
                if (stopped.getCount() > 0) {
                    log.warn("{} failed, and will be tried again", name, e);
                }
            }
        }

        void stop() {
            stopped.countDown();
            thread.interrupt();
            try {
                thread.join(STOP_WITHIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
