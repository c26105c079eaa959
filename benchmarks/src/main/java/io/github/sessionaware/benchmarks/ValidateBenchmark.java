package io.github.sessionaware.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/** Whose is this request? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class ValidateBenchmark {
    /** All of these fit among the tokens that a service remembers, and of the others none is still there. */
    static final int SEEN_BEFORE = 1_000;

    static final int FIRST_SIGHT = 50_000;

    @Param("OURS")
    public Contender contender;

    @Param("HS256")
    public SignedWith signedWith;

    @Param("" + SEEN_BEFORE)
    public int tokens;

    @Param("1000")
    public int sessions;

    private Way way;
    private String[] credentials;

    @Setup
    public void setUp() throws Exception {
        way = contender.open(signedWith, sessions);
        List<Login.Client> clients = way.logIn(tokens);
        credentials = clients.stream().map(Login.Client::credentials).toArray(String[]::new);
        if (tokens == SEEN_BEFORE) {
            for (String each : credentials) {
                way.userOf(each);
            }
        }
    }

    @TearDown
    public void tearDown() throws Exception {
        way.close();
    }

    @Benchmark
    public String validate(Caller caller) throws Exception {
        return way.userOf(caller.next(credentials));
    }

    /** Takes the tokens in turn, each caller from another place on. */
    @State(Scope.Thread)
    public static class Caller {
        private int next;

        @Setup
        public void setUp(ThreadParams threads) {
            next = (int) ((long) Integer.MAX_VALUE / 2 / threads.getThreadCount() * threads.getThreadIndex());
        }

        String next(String[] credentials) {
            if (++next >= credentials.length) {
                next %= credentials.length;
            }
            return credentials[next];
        }
    }
}
