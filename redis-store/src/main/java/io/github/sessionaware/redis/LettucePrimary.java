package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStoreException;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.KeyScanOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A connection of Lettuce to one server. */
final class LettucePrimary implements Primary {
    private static final RedisCodec<byte[], byte[]> CODEC = ByteArrayCodec.INSTANCE;

    private final StatefulConnection<byte[], byte[]> connection;
    private final boolean asks;
    private final Deadline deadline;

    /** @param asks whether each command follows {@code ASKING} */
    LettucePrimary(StatefulConnection<byte[], byte[]> connection, boolean asks, Deadline deadline) {
        this.connection = connection;
        this.asks = asks;
        this.deadline = deadline;
    }

    @Override
    public byte @Nullable [] field(byte[] key, byte[] field) {
        return reply(new Sent<>(
                CommandType.HGET,
                new ValueOutput<>(CODEC),
                arguments().addKey(key).add(field)));
    }

    @Override
    public List<byte[]> fields(byte[] key) {
        return reply(new Sent<>(
                CommandType.HGETALL, new ValueListOutput<>(CODEC), arguments().addKey(key)));
    }

    @Override
    public List<byte[]> run(Script script, byte[] key, List<byte[]> arguments, int replicas) {
        try {
            return run(CommandType.EVALSHA, script.sha1(), key, arguments, replicas);
        } catch (ReplyError e) {
            if (!e.isScriptMissing()) {
                throw e;
            }
            return run(CommandType.EVAL, script.text(), key, arguments, replicas);
        }
    }

    /**
     * Sends the script and the wait at once. Between two calls Lettuce might have opened the connection again, and a
     * wait on a new connection waits for nothing.
     */
    private List<byte[]> run(CommandType command, String script, byte[] key, List<byte[]> arguments, int replicas) {
        CommandArgs<byte[], byte[]> sent = arguments().add(script).add(1).addKey(key);
        arguments.forEach(sent::add);
        Sent<List<byte[]>> change = new Sent<>(command, new ValueListOutput<>(CODEC), sent);
        if (replicas == 0) {
            return reply(change);
        }
        long wait = Math.max(1, deadline.millisLeft() * 3 / 4);
        Sent<Long> acknowledged = new Sent<>(
                CommandType.WAIT,
                new IntegerOutput<>(CODEC),
                arguments().add(replicas).add(wait));
        List<byte[]> answer = reply(change, acknowledged);
        Acknowledgements.require(replicas, await(acknowledged, deadline));
        return answer;
    }

    @Override
    public Page scan(String cursor, byte[] pattern, int count) {
        KeyScanCursor<byte[]> page = reply(new Sent<>(
                CommandType.SCAN,
                new KeyScanOutput<>(CODEC),
                arguments()
                        .add(cursor)
                        .add("MATCH")
                        .add(pattern)
                        .add("COUNT")
                        .add(count)
                        .add("TYPE")
                        .add("hash")));
        return new Page(page.getCursor(), page.getKeys());
    }

    @Override
    public String info(String section) {
        return reply(new Sent<>(
                CommandType.INFO, new StatusOutput<>(CODEC), arguments().add(section)));
    }

    private static CommandArgs<byte[], byte[]> arguments() {
        return new CommandArgs<>(CODEC);
    }

    /** Sends the command and those that must follow it on the same connection, and waits for its reply. */
    private <T> T reply(Sent<T> command, Sent<?>... following) {
        if (!asks && following.length == 0) {
            connection.dispatch(command);
        } else {
            List<Sent<?>> all = new ArrayList<>();
            if (asks) {
                all.add(new Sent<>(CommandType.ASKING, new StatusOutput<>(CODEC), arguments()));
            }
            all.add(command);
            all.addAll(List.of(following));
            connection.dispatch(all);
        }
        try {
            return await(command, deadline);
        } catch (RuntimeException e) {
            for (Sent<?> each : following) {
                each.cancel(true);
            }
            throw e;
        }
    }

    /** Waits for the reply. A command that comes too late is cancelled, so that it is not sent any more. */
    @SuppressWarnings("NullAway") // A future of these has null only where the caller expects it.
    static <T> T await(Future<T> reply, Deadline deadline) {
        try {
            return reply.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            reply.cancel(true);
            throw deadline.passed();
        } catch (InterruptedException e) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            throw new SessionStoreException("The thread was interrupted while it waited for Redis; whether the call"
                    + " took effect is unknown");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisCommandExecutionException error) {
                throw new ReplyError(String.valueOf(error.getMessage()));
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new RedisConnectionException("", e);
        } catch (CancellationException e) {
            throw new RedisConnectionException("Lettuce has cancelled a command", e);
        }
    }

    /**
     * A command that is sent once. When a connection breaks, Lettuce sends the commands again that had no reply. A
     * change may then happen twice. So instead of its repetition this sends a {@code PING}: the number of replies has
     * to be that of the commands.
     */
    private static final class Sent<T> extends AsyncCommand<byte[], byte[], T> {
        private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);

        private final boolean isRepeatable;
        private boolean isSent;

        Sent(CommandType type, CommandOutput<byte[], byte[], T> output, CommandArgs<byte[], byte[]> arguments) {
            super(new Command<>(type, output, arguments));
            this.isRepeatable = type == CommandType.HGET || type == CommandType.HGETALL;
        }

        /** The thread of the connection calls this. */
        @Override
        public void encode(ByteBuf buffer) {
            if (isSent && !isRepeatable) {
                completeExceptionally(
                        new RedisConnectionException("The connection broke before the reply had arrived"));
                buffer.writeBytes(PING);
            } else {
                isSent = true;
                super.encode(buffer);
            }
        }
    }
}
