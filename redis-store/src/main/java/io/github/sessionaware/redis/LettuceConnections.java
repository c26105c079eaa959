package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import io.lettuce.core.api.StatefulConnection;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one client: one that all calls share, and some that serve one call at a time. While a call waits
 * for replicas, the server holds back whatever else comes on its connection.
 */
final class LettuceConnections<C extends StatefulConnection<byte[], byte[]>> {
    private static final int ALONE = 8;

    private final Supplier<C> connect;
    private final Lock connecting = new ReentrantLock();
    private final Semaphore places = new Semaphore(ALONE);
    private final ConcurrentLinkedDeque<C> idle = new ConcurrentLinkedDeque<>();
    private volatile @Nullable C shared;

    LettuceConnections(Supplier<C> connect) {
        this.connect = connect;
    }

    /** Makes the call on the shared connection, or on one of its own. */
    <T> T call(boolean alone, Deadline deadline, Function<C, T> call) {
        return alone ? alone(deadline, call) : call.apply(shared(deadline));
    }

    private C shared(Deadline deadline) {
        C present = shared;
        if (present != null) {
            return present;
        }
        if (!acquired(() -> connecting.tryLock(deadline.millisLeft(), TimeUnit.MILLISECONDS))) {
            throw deadline.passed();
        }
        try {
            C opened = shared;
            if (opened == null) {
                opened = deadline.notCounting(connect);
                shared = opened;
            }
            return opened;
        } finally {
            connecting.unlock();
        }
    }

    private <T> T alone(Deadline deadline, Function<C, T> call) {
        if (!acquired(() -> places.tryAcquire(deadline.millisLeft(), TimeUnit.MILLISECONDS))) {
            throw deadline.passed();
        }
        C connection = null;
        boolean isUsable = false;
        try {
            connection = idle.poll();
            if (connection == null) {
                connection = deadline.notCounting(connect);
            }
            T answer = call.apply(connection);
            isUsable = true;
            return answer;
        } catch (ReplyError e) {
            isUsable = true;
            throw e;
        } finally {
            if (connection != null) {
                if (isUsable) {
                    idle.push(connection);
                } else {
                    // The server may still hold back this connection.
                    var unused = connection.closeAsync();
                }
            }
            places.release();
        }
    }

    private static boolean acquired(Wait wait) {
        try {
            return wait.ends();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionStoreException("The thread was interrupted while it waited for a connection to Redis", e);
        }
    }

    private interface Wait {
        boolean ends() throws InterruptedException;
    }
}
