package io.github.sessionaware.badexample;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Breaks every rule of the architecture, so that tests can see the rules catch it. Nothing runs it. */
@SuppressWarnings({"JavaUtilDate", "NonFinalStaticField", "ProtectedMembersInFinalClass", "UnusedMethod"})
public final class BadNeighbour {
    static int shared = 1;

    protected List<Claim> claims = List.of();

    private final DataSource dataSource;

    BadNeighbour(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    public static DecodedJWT token() {
        return JWT.decode("e30.e30.");
    }

    Connection connection() throws SQLException {
        return dataSource.getConnection();
    }

    Instant now() {
        return Instant.now();
    }

    Supplier<Instant> nowByReference() {
        return Instant::now;
    }

    LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    Clock clock() {
        return Clock.system(ZoneOffset.UTC);
    }

    InstantSource source() {
        return InstantSource.system();
    }

    Date date() {
        return new Date();
    }

    long millis() {
        return System.currentTimeMillis();
    }

    long nanos() {
        return System.nanoTime();
    }

    String id() {
        return UUID.randomUUID().toString();
    }

    int random() {
        return new Random().nextInt() + ThreadLocalRandom.current().nextInt();
    }

    double ratio() {
        return Math.random();
    }

    Thread thread() {
        return new Thread(() -> {}, "bad");
    }

    ExecutorService executor() {
        return Executors.newCachedThreadPool();
    }

    Timer timer() {
        return new Timer();
    }

    void hook() {
        Runtime.getRuntime().addShutdownHook(thread());
    }

    /** An exception of its own. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
