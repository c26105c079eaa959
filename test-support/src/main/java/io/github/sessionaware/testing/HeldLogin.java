package io.github.sessionaware.testing;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Holds a login after the application has checked the password, and before its session is stored. */
public final class HeldLogin extends StoreWrapper {
    private static final long SECONDS = 60;

    private volatile @Nullable CountDownLatch arrival;
    private volatile CountDownLatch release = new CountDownLatch(0);

    public HeldLogin(SessionStore store) {
        super(store);
    }

    /** Starts the login on another thread, does the work while the login waits, and returns the login's result. */
    public <T> T during(Callable<T> login, Callable<?> work) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        release = new CountDownLatch(1);
        arrival = arrived;
        FutureTask<T> running = new FutureTask<>(login);
        new Thread(running, "held-login").start();
        try {
            await(arrived);
            work.call();
        } finally {
            release.countDown();
        }
        return running.get(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        CountDownLatch arrived = arrival;
        if (arrived != null) {
            arrival = null;
            arrived.countDown();
            await(release);
        }
        return super.create(session, admission);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nothing happened for " + SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
