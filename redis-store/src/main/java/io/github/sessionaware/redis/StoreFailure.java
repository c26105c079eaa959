package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Turns what clients throw into a {@link SessionStoreException} without values. The cause is a copy of the original
 * chain: the class and the stack trace of each exception. A copy has the original message only if that is about the
 * connection. Other messages may quote a command, and with it a user id.
 */
final class StoreFailure {
    private static final Map<String, String> REMEDIES = Map.of(
            "OOM", "its memory is full: give it more",
            "READONLY", "it is a replica: connect to the primary",
            "LOADING", "it is starting: call again later",
            "MASTERDOWN", "it is a replica: connect to the primary",
            "CLUSTERDOWN", "the cluster is electing a primary, or has lost one: call again later",
            "NOREPLICAS", "too few of its replicas answer",
            "MISCONF", "it cannot write to its disk",
            "WRONGTYPE", "another program uses a key of the store: choose another prefix",
            "NOPERM", "its user lacks a right: docs/redis.md lists them",
            "BUSY", "a script of another program runs too long");

    /** Names, because an application may have only one of the two clients. */
    private static final Set<String> ABOUT_THE_CONNECTION = Set.of(
            "redis.clients.jedis.exceptions.JedisConnectionException",
            "redis.clients.jedis.exceptions.JedisClusterOperationException",
            "io.lettuce.core.RedisConnectionException",
            "io.lettuce.core.RedisCommandTimeoutException",
            "io.lettuce.core.cluster.PartitionSelectorException");

    /** Cuts long chains and chains that lead back to themselves. */
    private static final int MAX_CAUSES = 10;

    private StoreFailure() {}

    static SessionStoreException of(Throwable failure) {
        if (failure instanceof SessionStoreException e) {
            return e;
        }
        if (failure instanceof ReplyError error) {
            return new SessionStoreException(
                    "Redis refused the call with " + error.code() + ": "
                            + REMEDIES.getOrDefault(error.code(), "see its documentation of this code"),
                    error);
        }
        return new SessionStoreException(
                "Redis could not answer: see the cause; whether the call took effect is unknown",
                withoutValues(failure, MAX_CAUSES));
    }

    private static Throwable withoutValues(Throwable original, int causes) {
        String name = original.getClass().getName();
        boolean harmless = original instanceof IOException
                || original instanceof TimeoutException
                || ABOUT_THE_CONNECTION.contains(name);
        Exception copy = new IOException(
                name + ": " + (harmless ? original.getMessage() : "(message left out: it may quote values)"));
        copy.setStackTrace(original.getStackTrace());
        if (original.getCause() != null && causes > 0) {
            copy.initCause(withoutValues(original.getCause(), causes - 1));
        }
        return copy;
    }
}
