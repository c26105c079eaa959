package io.github.sessionaware.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands that the store needs, on one connection to one server. Each throws {@link ReplyError} if the server
 * answers with an error, and an exception of the client if there is no answer in time.
 */
interface Primary {

    /** {@code HGET}. */
    byte @Nullable [] field(byte[] key, byte[] field);

    /** {@code HGETALL}: names and values in turn. */
    List<byte[]> fields(byte[] key);

    /**
     * {@code EVALSHA}, and {@code EVAL} if the server has lost the script. If a number of replicas is given,
     * {@code WAIT} follows on the same connection, because it counts for the writes of its own connection only.
     *
     * @throws io.github.sessionaware.SessionStoreException if fewer replicas have acknowledged
     */
    List<byte[]> run(Script script, byte[] key, List<byte[]> arguments, int replicas);

    /** {@code SCAN} for hashes. Keys of another type are not of the store, and a script on them would fail. */
    Page scan(String cursor, byte[] pattern, int count);

    /** {@code INFO}. */
    String info(String section);

    /** Some keys, and the cursor of the next page. */
    record Page(String cursor, List<byte[]> keys) {}
}
