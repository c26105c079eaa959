package io.github.sessionaware.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** The contenders and the benchmarks on PostgreSQL. */
@Tag("thorough")
class PostgresBenchmarksTest extends ContenderChecks {
    private static Postgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = Postgres.start();
        Postgres.fill(SESSIONS, 0);
        Postgres.fill(SESSIONS_TO_END, 0);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    static Set<Contender> contenders() {
        Set<Contender> others = EnumSet.complementOf(EnumSet.copyOf(IN_MEMORY));
        others.removeAll(ON_REDIS);
        return others;
    }

    @ParameterizedTest
    @EnumSource(names = {"OURS_WITH_ACTIVITY", "JAVA_JWT_WITH_ACTIVITY"})
    void oneRequestInTwentyRecordsActivity(Contender contender) throws Exception {
        // Some sessions become due for the second time only after the last request.
        assertEquals(4_000 / 20, recordedIn(4_000, contender), 5);
    }

    @ParameterizedTest
    @EnumSource(names = {"OURS_NO_ACTIVITY_DUE", "JAVA_JWT_NO_ACTIVITY_DUE"})
    void noRequestRecordsActivityWhileTheClockStandsStill(Contender contender) throws Exception {
        assertEquals(0, recordedIn(4_000, contender));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit"})
    void commitsWaitForTheDisk(String setting) throws Exception {
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
        assertEquals(DevicesBenchmark.USER, second.userId());
        assertNotEquals(first.refreshToken(), second.refreshToken());
        assertTrue(devices.revoke(fresh));
        assertFalse(devices.revoke(fresh));
        devices.tearDown();
    }

    @Test
    void everyBenchmarkOfDevicesRunsInJmh() throws Exception {
        assertEquals(4, runOnceInJmh(DevicesBenchmark.class));
    }

    @Test
    void cpuTimeIsMeasuredInThisProcessAndInTheDatabase() throws Exception {
        RunResult result = new Runner(new OptionsBuilder()
                        .include("ValidateBenchmark")
                        .param("contender", Contender.JAVA_JWT_AND_SELECT.name())
                        .addProfiler(CpuTime.class)
                        .forks(0)
                        .warmupIterations(1)
                        .warmupTime(TimeValue.milliseconds(100))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();

        Statistics inProcess =
                result.getSecondaryResults().get(CpuTime.IN_PROCESS).getStatistics();
        Statistics inDatabase =
                result.getSecondaryResults().get(CpuTime.IN_DATABASE).getStatistics();
        assertTrue(inProcess.getMin() > 0);
        assertTrue(inDatabase.getMin() > 0);
        double cpuTimeOfAllCores = Runtime.getRuntime().availableProcessors()
                * result.getPrimaryResult().getScore();
        assertTrue(
                inProcess.getMean() + inDatabase.getMean() < 2 * cpuTimeOfAllCores, () -> inProcess + " " + inDatabase);
    }

    /** Counts the rows that changed in each hundred validates. No session comes twice within a hundred. */
    private static int recordedIn(int validates, Contender contender) throws Exception {
        int recorded = 0;
        try (Authenticator authenticator = contender.open(SignedWith.HS256, SESSIONS)) {
            List<Client> clients = authenticator.logIn(100);
            Set<String> before = activity();
            for (int done = 0; done < validates; done += clients.size()) {
                for (Client client : clients) {
                    authenticator.userOf(client.credentials());
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
