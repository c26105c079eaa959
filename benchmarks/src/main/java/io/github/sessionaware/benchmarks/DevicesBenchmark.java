package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Operations on PostgreSQL that an application calls less often than validate. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class DevicesBenchmark {
    static final String USER = "user-of-new-devices";

    @Param("1000")
    public int sessions;

    private HikariDataSource pool;
    private SessionAwareTokenService service;

    /** Under this limit, a login reads ten sessions and ends the oldest. */
    @Setup
    public void setUp() {
        pool = Postgres.pool(sessions);
        service = Services.withDefaults(Services.storeOn(pool), SignedWith.HS256)
                .refreshTokens(SignedWith.REFRESH_SECRET)
                .sessionLimit(new SessionLimit(Postgres.DEVICES, AtLimit.END_OLDEST))
                .build();
    }

    /** Revokes the sessions that this run issued, so that the table stays the same for the next one. */
    @TearDown
    public void tearDown() {
        service.revokeAllSessions(USER);
        pool.close();
    }

    @Benchmark
    public IssuedTokens issue() {
        return service.issue(USER, Login.CLIENT);
    }

    @Benchmark
    public List<Session> list() {
        return service.listSessions(Postgres.USER_OF_MANY_DEVICES);
    }

    @Benchmark
    public boolean revoke(NewSession fresh) {
        return service.revokeSession(USER, fresh.issued.session().id());
    }

    @Benchmark
    public IssuedTokens refresh(LastTokens last) {
        last.issued = service.refresh(last.issued.refreshToken(), Login.CLIENT);
        return last.issued;
    }

    /** Issues a new session before each call. JMH does not measure that. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls setUp.
    public static class NewSession {
        private IssuedTokens issued;

        @Setup(Level.Invocation)
        public void setUp(DevicesBenchmark benchmark) {
            issued = benchmark.issue();
        }
    }

    /** One session that every call refreshes. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls setUp.
    public static class LastTokens {
        private IssuedTokens issued;

        @Setup
        public void setUp(DevicesBenchmark benchmark) {
            issued = benchmark.issue();
        }
    }
}
