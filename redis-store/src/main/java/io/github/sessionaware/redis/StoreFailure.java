package io.github.sessionaware.redis;

import static java.util.Map.entry;

import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what clients throw into a {@link SessionStoreException} without values. The cause is a copy of the original
 * chain: the class and the stack trace of each exception. A copy has the original message only if that is about the
 * connection. Other messages may quote a command, and with it a user id.
 */
final class StoreFailure {
    private static final Map<String, String> REMEDIES = Map.ofEntries(
            entry("OOM", "its memory is full: give it more"),
            entry("READONLY", "it is a replica: connect to the primary"),
            entry("LOADING", "it is starting: call again later"),
            entry("MASTERDOWN", "it is a replica: connect to the primary"),
            entry("CLUSTERDOWN", "the cluster is electing a primary, or has lost one: call again later"),
            entry("NOREPLICAS", "too few of its replicas answer"),
            entry("MISCONF", "it cannot write to its disk"),
            entry("WRONGTYPE", "another program uses a key of the store: choose another prefix"),
            entry("NOPERM", "its user lacks a right: docs/redis.md lists them"),
            entry("NOAUTH", "it wants a password: give the client one"),
            entry("WRONGPASS", "the client has a wrong user or password"),
            entry("BUSY", "a script of another program runs too long"));

    /** What clients throw if the server refuses a command of their own, such as the password. */
    private static final Set<String> REFUSALS = Set.of(
            "redis.clients.jedis.exceptions.JedisAccessControlException",
            "redis.clients.jedis.exceptions.JedisDataException",
            "io.lettuce.core.RedisCommandExecutionException");

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
            return new SessionStoreException("Redis refused the call with " + remedied(error.code()), error);
        }
        String refusal = refusal(failure);
        if (refusal != null) {
            return new SessionStoreException(
                    "Redis refused a command of the client with " + remedied(refusal),
                    withoutValues(failure, MAX_CAUSES));
        }
        return new SessionStoreException(
                "Redis could not answer: see the cause; whether the call took effect is unknown",
                withoutValues(failure, MAX_CAUSES));
    }

    private static String remedied(String code) {
        return code + ": " + REMEDIES.getOrDefault(code, "see its documentation of this code");
    }

    /** Returns the code with which the server refused a command of the client itself; null if it did not. */
    private static @Nullable String refusal(Throwable failure) {
        Throwable cause = failure;
        for (int causes = 0; cause != null && causes <= MAX_CAUSES; causes++) {
            if (REFUSALS.contains(cause.getClass().getName())) {
                return ReplyError.codeOf(String.valueOf(cause.getMessage()));
            }
            cause = cause.getCause();
        }
        return null;
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
