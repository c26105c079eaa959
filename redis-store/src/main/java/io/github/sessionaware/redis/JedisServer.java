package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.Connection;
import redis.clients.jedis.util.Pool;

/** The way to one server through a pool of Jedis. */
final class JedisServer extends RedisAccess {
    private final Supplier<Pool<Connection>> pools;

    /** @param pools returns the pool of the current primary, which Sentinel may change */
    JedisServer(Supplier<Pool<Connection>> pools) {
        this.pools = pools;
    }

    @Override
    <T> T onOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call) {
        Pool<Connection> pool = pools.get();
        Connection connection = borrow(pool, deadline);
        try {
            return JedisPrimary.call(connection, false, deadline, call);
        } finally {
            if (connection.isBroken()) {
                pool.returnBrokenResource(connection);
            } else {
                pool.returnResource(connection);
            }
        }
    }

    /** Limits the wait, because a pool without {@code maxWait} waits without end. */
    private static Connection borrow(Pool<Connection> pool, Deadline deadline) {
        try {
            return pool.borrowObject(Duration.ofMillis(deadline.millisLeft()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionStoreException("The thread was interrupted while it waited for a connection to Redis", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new SessionStoreException("The pool of Jedis has no connection to Redis", e);
        }
    }

    @Override
    List<String> primaries(Deadline deadline) {
        return List.of("");
    }

    @Override
    <T> T onPrimary(String name, Deadline deadline, Function<Primary, T> call) {
        return onOwner(new byte[0], false, deadline, call);
    }
}
