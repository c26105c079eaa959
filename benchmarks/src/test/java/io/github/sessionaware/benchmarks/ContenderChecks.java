package io.github.sessionaware.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.benchmarks.Login.Client;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Checks that each contender does what its benchmark says, so that no figure comes from a check that is broken. A
 * subclass has a static method {@code contenders}. Nothing is measured.
 */
abstract class ContenderChecks {
    static final Set<Contender> IN_MEMORY = EnumSet.range(Contender.HAND_WRITTEN, Contender.OURS_WITHOUT_CACHE);
    static final Set<Contender> ON_REDIS = EnumSet.range(Contender.HGET_ONLY, Contender.SPRING_SESSION_REDIS);
    static final int SESSIONS = 1_000;
    static final int SESSIONS_TO_END = 100;

    private static final Set<Contender> WITHOUT_LOGOUT = EnumSet.of(Contender.JAVA_JWT, Contender.SA_TOKEN_MIXIN);

    static {
        // By default JMH lets only one process at a time measure. These tests measure nothing.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void everyClientIsRecognizedAsItsUser(Contender contender) throws Exception {
        try (Authenticator authenticator = contender.open(SignedWith.HS256, SESSIONS)) {
            List<Client> clients = authenticator.logIn(10);

            for (Client client : clients) {
                assertEquals(client.userId(), authenticator.userOf(client.credentials()));
            }
            assertEquals(10, clients.stream().map(Client::userId).distinct().count());
        }
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void forgedCredentialsAreRefused(Contender contender) throws Exception {
        try (Authenticator authenticator = contender.open(SignedWith.HS256, SESSIONS)) {
            String good = authenticator.logIn(1).get(0).credentials();

            assertThrows(Exception.class, () -> authenticator.userOf(forged(good)));
        }
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void onlyStatelessContendersAcceptALoggedOutClient(Contender contender) throws Exception {
        try (Authenticator authenticator = contender.open(SignedWith.HS256, SESSIONS_TO_END)) {
            // Each contender ends another session, because a logout deletes the row that all of them share.
            int number = List.of(Contender.values()).indexOf(contender);
            Client client = authenticator.logIn(30).get(number);

            boolean loggedOut = authenticator.logOut(client.credentials());

            if (WITHOUT_LOGOUT.contains(contender)) {
                assertFalse(loggedOut);
                assertEquals(client.userId(), authenticator.userOf(client.credentials()));
            } else {
                assertTrue(loggedOut);
                assertThrows(Exception.class, () -> authenticator.userOf(client.credentials()));
            }
        }
    }

    /** Runs benchmarks in the code that JMH generates, where a failure would otherwise look like a fast result. */
    static int runOnceInJmh(Class<?> benchmark) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(benchmark.getName() + "\\.")
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()
                .size();
    }

    /** Changes the signature of a JWT, or the end of an opaque id. */
    private static String forged(String credentials) {
        char last = credentials.charAt(credentials.length() - 5);
        return credentials.substring(0, credentials.length() - 5)
                + (last == 'A' ? 'B' : 'A')
                + credentials.substring(credentials.length() - 4);
    }
}
