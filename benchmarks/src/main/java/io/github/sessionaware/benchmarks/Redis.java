package io.github.sessionaware.benchmarks;

import io.github.sessionaware.Admission;
import io.github.sessionaware.redis.JedisAccess;
import io.github.sessionaware.redis.RedisSessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** The Redis server of a run. The JVMs that JMH forks get its port as a system property. */
final class Redis implements AutoCloseable {
    static final String PORT = "benchmarks.redis.port";

    private static final String PROGRAM = "/redis-server-6.2.6-v5-linux-amd64";

    private final Process process;
    private final Path folder;

    private Redis(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    static Redis start() throws IOException {
        Path folder = Files.createTempDirectory("benchmarks-redis-");
        Path program = folder.resolve("redis-server");
        try (InputStream in = Objects.requireNonNull(Redis.class.getResourceAsStream(PROGRAM))) {
            Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("The program of Redis cannot be made executable");
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        "" + folder)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        System.setProperty(PORT, String.valueOf(port));
        awaitAnswer(process);
        return new Redis(process, folder);
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("Redis has ended");
        }
    }

    /** Returns the CPU time of the server until now. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    private static void awaitAnswer(Process process) throws IOException {
        while (true) {
            try (Jedis jedis = connect()) {
                jedis.ping();
                return;
            } catch (JedisConnectionException e) {
                if (!process.isAlive()) {
                    throw new IOException("Redis does not start", e);
                }
            }
        }
    }

    static Jedis connect() {
        return new Jedis("127.0.0.1", Integer.getInteger(PORT));
    }

    static RedisClient pool() {
        return pool(Postgres.CONNECTIONS);
    }

    static RedisClient pool(int connections) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        return RedisClient.builder()
                .hostAndPort("127.0.0.1", Integer.getInteger(PORT))
                .poolConfig(pool)
                .build();
    }

    /** Stores the sessions of these logins, unless they are there. */
    static void store(RedisClient client, List<Login> logins) {
        RedisSessionStore store = new RedisSessionStore(JedisAccess.of(client));
        for (Login login : logins) {
            store.deleteAll(login.userId(), null);
            store.create(login.session(), Admission.unconditional());
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
