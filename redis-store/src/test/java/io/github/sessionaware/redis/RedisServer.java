package io.github.sessionaware.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** A server in a process of its own, on a free port of the loopback address. */
final class RedisServer implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    /** Below the ports that the kernel gives to clients. */
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(11_000 + (int) (ProcessHandle.current().pid() % 90) * 100);

    private final RedisBinary binary;
    private final Path folder;
    private final int port;
    private final List<String> settings;
    private final Process process;

    private RedisServer(RedisBinary binary, Path folder, int port, List<String> settings, Process process) {
        this.binary = binary;
        this.folder = folder;
        this.port = port;
        this.settings = settings;
        this.process = process;
    }

    /** Starts a server. The settings are pairs such as {@code --appendonly yes}, each part for itself. */
    static RedisServer start(RedisBinary binary, String... settings) {
        for (int attempt = 1; ; attempt++) {
            try {
                return start(binary, RedisBinary.newFolder(), freePort(), List.of(settings));
            } catch (IllegalStateException e) {
                // Another process may have taken the port.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Starts a server that all tests share, and that ends with them. */
    static RedisServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        private static final RedisServer SERVER = start(RedisBinary.redis6());
    }

    /** Starts the server again after it was killed, on the same port and with the same files. */
    RedisServer startAgain() {
        return start(binary, folder, port, settings);
    }

    private static RedisServer start(RedisBinary binary, Path folder, int port, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(
                binary.path().toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--daemonize",
                "no",
                "--save",
                ""));
        command.addAll(settings);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            BufferedReader log = process.inputReader();
            List<String> lines = new ArrayList<>();
            for (String line; (line = log.readLine()) != null; ) {
                lines.add(line);
                if (line.contains("eady to accept connections")) {
                    Thread drain = new Thread(() -> drain(log), "log of redis " + port);
                    drain.setDaemon(true);
                    drain.start();
                    return new RedisServer(binary, folder, port, settings, process);
                }
            }
            throw new IllegalStateException("the server does not start: " + lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader log) {
        try {
            while (log.readLine() != null) {
                // Otherwise the server would wait for a reader.
            }
        } catch (IOException e) {
            // The server has ended.
        }
    }

    /** Returns each port once. A node of a cluster also takes the port that is 10,000 higher. */
    static int freePort() {
        while (true) {
            int port = NEXT_PORT.getAndIncrement();
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    ServerSocket bus = new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress())) {
                return Math.min(socket.getLocalPort(), bus.getLocalPort());
            } catch (IOException e) {
                // It is taken.
            }
        }
    }

    int port() {
        return port;
    }

    HostAndPort address() {
        return new HostAndPort("127.0.0.1", port);
    }

    /** A connection of the test's own, for the caller to close. */
    Jedis connect() {
        return new Jedis(address());
    }

    /** Removes every key. */
    void clear() {
        try (Jedis jedis = connect()) {
            jedis.flushDB();
        }
    }

    /** Ends the server without warning. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Lets the server stand still: connections stay open, and nothing is answered. */
    void pause() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the server does not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
