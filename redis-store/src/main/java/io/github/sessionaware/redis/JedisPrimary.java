package io.github.sessionaware.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.sessionaware.SessionStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.KeyValue;

/** A connection of Jedis, as long as one call has it. */
final class JedisPrimary implements Primary {
    private final Connection connection;
    private final boolean asks;
    private final Deadline deadline;
    private final int ownTimeout;

    private JedisPrimary(Connection connection, boolean asks, Deadline deadline) {
        this.connection = connection;
        this.asks = asks;
        this.deadline = deadline;
        this.ownTimeout = connection.getSoTimeout();
    }

    /**
     * Makes the call and leaves the connection as it was.
     *
     * @param asks whether each command follows {@code ASKING}
     */
    static <T> T call(Connection connection, boolean asks, Deadline deadline, Function<Primary, T> call) {
        JedisPrimary primary = new JedisPrimary(connection, asks, deadline);
        try {
            return call.apply(primary);
        } finally {
            if (!connection.isBroken() && connection.getSoTimeout() != primary.ownTimeout) {
                connection.setSoTimeout(primary.ownTimeout);
            }
        }
    }

    @Override
    public byte @Nullable [] field(byte[] key, byte[] field) {
        return (byte[]) reply(new CommandArguments(Command.HGET).key(key).add(field));
    }

    @Override
    public List<byte[]> fields(byte[] key) {
        return texts(reply(new CommandArguments(Command.HGETALL).key(key)));
    }

    @Override
    public List<byte[]> run(Script script, byte[] key, List<byte[]> arguments, int replicas) {
        List<byte[]> answer;
        try {
            answer = texts(reply(script(Command.EVALSHA, script.sha1(), key, arguments)));
        } catch (ReplyError e) {
            if (!e.isScriptMissing()) {
                throw e;
            }
            answer = texts(reply(script(Command.EVAL, script.text(), key, arguments)));
        }
        if (replicas > 0) {
            // The server has to answer before the client stops listening.
            long wait = Math.max(1, limitReply() * 3L / 4);
            Acknowledgements.require(replicas, (Long) requireReply(
                    reply(new CommandArguments(Command.WAIT).add(replicas).add(wait))));
        }
        return answer;
    }

    private static CommandArguments script(Command command, String script, byte[] key, List<byte[]> arguments) {
        CommandArguments sent = new CommandArguments(command).add(script).add(1).key(key);
        arguments.forEach(sent::add);
        return sent;
    }

    @Override
    public Page scan(String cursor, byte[] pattern, int count) {
        List<?> page = (List<?>) requireReply(reply(new CommandArguments(Command.SCAN)
                .add(cursor)
                .add("MATCH")
                .add(pattern)
                .add("COUNT")
                .add(count)
                .add("TYPE")
                .add("hash")));
        return new Page(StoredRecords.text((byte[]) page.get(0)), texts(page.get(1)));
    }

    @Override
    public String info(String section) {
        return new String((byte[]) requireReply(reply(new CommandArguments(Command.INFO).add(section))), UTF_8);
    }

    private @Nullable Object reply(CommandArguments command) {
        limitReply();
        try {
            if (asks) {
                connection.executeCommand(Command.ASKING);
            }
            return connection.executeCommand(command);
        } catch (JedisDataException e) {
            throw new ReplyError(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Limits the next reads to the time that is left, in milliseconds, or to the client's own limit if that is less.
     */
    private int limitReply() {
        int left = (int) Math.min(Integer.MAX_VALUE, deadline.millisLeft());
        int limit = ownTimeout == 0 ? left : Math.min(left, ownTimeout);
        if (connection.getSoTimeout() != limit) {
            connection.setSoTimeout(limit);
        }
        return limit;
    }

    private static Object requireReply(@Nullable Object reply) {
        if (reply == null) {
            throw new SessionStoreException("Redis answered nothing where a value was expected");
        }
        return reply;
    }

    /** In the newer protocol, RESP3, a server answers {@code HGETALL} with pairs. */
    private static List<byte[]> texts(@Nullable Object reply) {
        List<byte[]> texts = new ArrayList<>();
        for (Object element : (List<?>) requireReply(reply)) {
            if (element instanceof KeyValue<?, ?> pair) {
                texts.add((byte[]) pair.getKey());
                texts.add((byte[]) pair.getValue());
            } else {
                texts.add((byte[]) element);
            }
        }
        return texts;
    }
}
