package io.github.sessionaware.redis;

import java.util.List;
import java.util.function.Function;

/**
 * How a {@link RedisSessionStore} reaches its servers: through the client of the application. {@link JedisAccess} and
 * {@link LettuceAccess} create it. Thread-safe, like the clients.
 */
public abstract class RedisAccess {
    RedisAccess() {}

    /**
     * Makes a call on a connection to the primary that owns the key. The connection may serve other calls at the same
     * time, unless the call waits for replicas: a server holds back everything else on a connection that waits.
     */
    abstract <T> T onOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call);

    /** Returns a name for each primary. Together they hold all keys. */
    abstract List<String> primaries(Deadline deadline);

    /** Makes a call on a connection to the primary of this name. */
    abstract <T> T onPrimary(String name, Deadline deadline, Function<Primary, T> call);
}
