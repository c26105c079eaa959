package io.github.sessionaware.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Nothing here measures anything: it shows that what is measured does what it says. */
class BenchmarksTest {
    private static final int SESSIONS = 1_000;
    private static final int SESSIONS_TO_END = 100;

    private static Postgres postgres;

    @BeforeAll
    static void start() throws Exception {
        // It lets one run at a time measure; nothing is measured here.
        System.setProperty("jmh.ignoreLock", "true");
        postgres = Postgres.start();
        Postgres.fill(SESSIONS, 0);
        Postgres.fill(SESSIONS_TO_END, 0);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyClientIsTakenForItsUser(Contender contender) throws Exception {
        try (Way way = contender.open(SignedWith.HS256, SESSIONS)) {
            List<Client> clients = way.logIn(10);

            for (Client client : clients) {
                assertEquals(client.userId(), way.userOf(client.credentials()));
            }
            assertEquals(10, clients.stream().map(Client::userId).distinct().count());
        }
    }

    @ParameterizedTest
    @EnumSource
    void noneTakesAForgery(Contender contender) throws Exception {
        try (Way way = contender.open(SignedWith.HS256, SESSIONS)) {
            String good = way.logIn(1).get(0).credentials();

            assertThrows(Exception.class, () -> way.userOf(forged(good)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"JAVA_JWT", "SA_TOKEN_MIXIN"})
    void whoIsLoggedOutIsRefused(Contender contender) throws Exception {
        try (Way way = contender.open(SignedWith.HS256, SESSIONS_TO_END)) {
            String good = way.logIn(20)
                    .get(List.of(Contender.values()).indexOf(contender))
                    .credentials();

            assertTrue(way.logOut(good));

            assertThrows(Exception.class, () -> way.userOf(good));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JAVA_JWT", "SA_TOKEN_MIXIN"})
    void someCannotLogOut(Contender contender) throws Exception {
        try (Way way = contender.open(SignedWith.HS256, SESSIONS)) {
            assertFalse(way.logOut(way.logIn(1).get(0).credentials()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyAlgorithmSignsAndVerifies(SignedWith signedWith) throws Exception {
        IssueBenchmark issue = new IssueBenchmark();
        issue.signedWith = signedWith;
        issue.setUp();
        ValidateBenchmark validate = new ValidateBenchmark();
        validate.contender = Contender.OURS;
        validate.signedWith = signedWith;
        validate.tokens = 2;
        validate.setUp();

        String issued = issue.issue().accessToken();

        assertEquals(signedWith.name(), JWT.decode(issued).getAlgorithm());
        assertEquals(IssueBenchmark.USER, JWT.decode(issued).getSubject());
        ValidateBenchmark.Caller caller = new ValidateBenchmark.Caller();
        assertEquals("user-2", validate.validate(caller));
        assertEquals("user-1", validate.validate(caller));
    }

    @ParameterizedTest
    @EnumSource(names = {"OURS_AT_A_PACE", "JAVA_JWT_AT_A_PACE"})
    void oneRequestInTwentyRecordsActivity(Contender contender) throws Exception {
        // A few are due a second time only after the end.
        assertEquals(4_000 / 20, recordedIn(4_000, contender), 5);
    }

    @ParameterizedTest
    @EnumSource(names = {"OURS_AT_REST", "JAVA_JWT_AT_REST"})
    void atRestNoRequestRecordsActivity(Contender contender) throws Exception {
        assertEquals(0, recordedIn(4_000, contender));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit"})
    void aCommitWaitsForTheDisk(String setting) throws Exception {
        try (Connection connection = Postgres.driver(SESSIONS).getConnection();
                ResultSet shown = connection.createStatement().executeQuery("show " + setting)) {
            assertTrue(shown.next());
            assertEquals("on", shown.getString(1));
        }
    }

    @Test
    void devicesAreIssuedListedRefreshedAndRevoked() {
        DevicesBenchmark devices = new DevicesBenchmark();
        devices.sessions = SESSIONS;
        devices.setUp();
        DevicesBenchmark.LastTokens last = new DevicesBenchmark.LastTokens();
        last.setUp(devices);
        DevicesBenchmark.NewSession fresh = new DevicesBenchmark.NewSession();
        fresh.setUp(devices);

        IssuedTokens first = devices.refresh(last);
        IssuedTokens second = devices.refresh(last);

        assertEquals(Postgres.DEVICES, devices.list().size());
        assertEquals(DevicesBenchmark.USER, second.session().userId());
        assertNotEquals(first.refreshToken(), second.refreshToken());
        assertTrue(devices.revoke(fresh));
        assertFalse(devices.revoke(fresh));
        devices.tearDown();
    }

    /** Through the code that JMH generates, in which a failure would else be a fast result. */
    @Test
    void everyBenchmarkRunsInJmh() throws Exception {
        int benchmarks = 0;
        for (String benchmark : List.of("ValidateBenchmark", "IssueBenchmark", "DevicesBenchmark")) {
            benchmarks += new Runner(new OptionsBuilder()
                            .include(benchmark)
                            .mode(org.openjdk.jmh.annotations.Mode.SingleShotTime)
                            .forks(0)
                            .warmupIterations(0)
                            .measurementIterations(1)
                            .shouldFailOnError(true)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .run()
                    .size();
        }
        assertEquals(1 + SignedWith.values().length + 4, benchmarks);
    }

    @Test
    void processorTimeIsTakenHereAndInTheDatabase() throws Exception {
        RunResult result = new Runner(new OptionsBuilder()
                        .include("ValidateBenchmark")
                        .param("contender", Contender.JAVA_JWT_AND_SELECT.name())
                        .addProfiler(ProcessorTime.class)
                        .forks(0)
                        .warmupIterations(1)
                        .warmupTime(TimeValue.milliseconds(100))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.milliseconds(400))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();

        Statistics here = result.getSecondaryResults().get(ProcessorTime.HERE).getStatistics();
        Statistics inDatabase =
                result.getSecondaryResults().get(ProcessorTime.IN_DATABASE).getStatistics();
        assertTrue(here.getMin() > 0);
        assertTrue(inDatabase.getMin() > 0);
        double whatCoresCanGive = Runtime.getRuntime().availableProcessors()
                * result.getPrimaryResult().getScore();
        assertTrue(here.getMean() + inDatabase.getMean() < 2 * whatCoresCanGive, () -> here + " " + inDatabase);
    }

    /** Of a JWT the signature, of anything else the end. */
    private static String forged(String credentials) {
        char last = credentials.charAt(credentials.length() - 5);
        return credentials.substring(0, credentials.length() - 5)
                + (last == 'A' ? 'B' : 'A')
                + credentials.substring(credentials.length() - 4);
    }

    /** Sums up what has changed after every hundred validates, in which no session comes twice. */
    private static int recordedIn(int validates, Contender contender) throws Exception {
        int recorded = 0;
        try (Way way = contender.open(SignedWith.HS256, SESSIONS)) {
            List<Client> clients = way.logIn(100);
            Set<String> before = activity();
            for (int done = 0; done < validates; done += clients.size()) {
                for (Client client : clients) {
                    way.userOf(client.credentials());
                }
                Set<String> after = activity();
                recorded += (int)
                        after.stream().filter(row -> !before.contains(row)).count();
                before.addAll(after);
            }
        }
        return recorded;
    }

    private static Set<String> activity() throws Exception {
        Set<String> rows = new HashSet<>();
        try (Connection connection = Postgres.driver(SESSIONS).getConnection();
                ResultSet found = connection.createStatement().executeQuery("""
                        select session_id || ' ' || last_active_at
                        from jwt_sessions
                        """)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }
}
