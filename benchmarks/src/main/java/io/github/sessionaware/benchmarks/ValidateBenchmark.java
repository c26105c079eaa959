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

/** Measures how a contender finds out which user sent a request. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class ValidateBenchmark {
    /** So few tokens stay in the token cache. */
    static final int REPEATED_TOKENS = 1_000;

    /** So many tokens in turn never hit the token cache. */
    static final int NEW_TOKENS = 50_000;

    @Param("OURS")
    public Contender contender;

    @Param("HS256")
    public SignedWith signedWith;

    @Param("" + REPEATED_TOKENS)
    public int tokens;

    @Param("1000")
    public int sessions;

    private Authenticator authenticator;
    private String[] credentials;

    @Setup
    public void setUp() throws Exception {
        authenticator = contender.open(signedWith, sessions);
        List<Login.Client> clients = authenticator.logIn(tokens);
        credentials = clients.stream().map(Login.Client::credentials).toArray(String[]::new);
        if (tokens == REPEATED_TOKENS) {
            for (String each : credentials) {
                authenticator.userOf(each);
            }
        }
    }

    @TearDown
    public void tearDown() throws Exception {
        authenticator.close();
    }

    @Benchmark
    public String validate(Caller caller) throws Exception {
        return authenticator.userOf(caller.next(credentials));
    }

    /** Sends the tokens in turn. Each caller starts at another token. */
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
