package io.github.sessionaware.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Computes the tables of {@code docs/scale.md}: what a very large application asks of its store and of its nodes. The
 * main method prints them. The costs are measured, and the traffic is simulated.
 */
public final class Scale {
    private static final double VALIDATES = 1_000_000;
    private static final double LOGINS = 50_000;
    private static final double REVOCATIONS = 5_000;
    private static final double SESSIONS = 100_000_000;
    private static final double ACTIVE_SESSIONS = 10_000_000;
    private static final int NODES = 1_000;
    private static final int FEW_NODES = 20;
    private static final int BURST = 5;

    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    /** The cores of one primary that the sessions may keep busy, half of 32. */
    private static final double CORES_PER_PRIMARY = 16;

    /** The share of its one thread that a Redis master may keep busy. */
    private static final double THREAD_PER_MASTER = 0.6;

    /**
     * CPU time in microseconds, and memory in bytes.
     *
     * @param database of PostgreSQL
     * @param redis of a Redis master
     */
    private record Measured(String what, double database, double redis) {}

    private static final Measured FIND = new Measured("find", 40.6, 10.5);
    private static final Measured TOUCH = new Measured("touch", 152, 15.5);
    private static final Measured LOGIN = new Measured("login", 338, 31.0);
    private static final Measured REVOCATION = new Measured("revocation", 202, 14.0);
    private static final Measured BYTES = new Measured("bytes of a session", 353, 626);

    /** A find that shares its query with others, with 64 callers on a node. */
    private static final double SHARED_FIND = 13.0;

    /** CPU time of the node for a validate that reads the store, and for one that is answered from memory. */
    private static final double NODE_READS = 36.6;

    private static final double NODE_REMEMBERS = 1.1;

    private static final Visits ANY_NODE = new Visits(NODES, 1);
    private static final Visits ANY_NODE_IN_BURSTS = new Visits(NODES, BURST);
    private static final Visits ANY_OF_FEW = new Visits(FEW_NODES, 1);
    private static final Visits ANY_OF_FEW_IN_BURSTS = new Visits(FEW_NODES, BURST);
    private static final Visits SAME_NODE = new Visits(1, 1);
    private static final Visits SAME_NODE_IN_BURSTS = new Visits(1, BURST);

    private Scale() {}

    public static void main(String... args) {
        tables().forEach(table -> System.out.println(table + "\n"));
    }

    static List<String> tables() {
        return List.of(inputs(), remembered(), activity(), reads(), writes(), total());
    }

    private static String inputs() {
        List<List<String>> rows = new ArrayList<>();
        for (Measured each : List.of(FIND, TOUCH, LOGIN, REVOCATION)) {
            rows.add(List.of(each.what() + ", µs of CPU", Report.number(each.database()), Report.number(each.redis())));
        }
        rows.add(
                List.of("find that shares its query, 64 callers on a node, µs of CPU", Report.number(SHARED_FIND), ""));
        rows.add(List.of(BYTES.what(), count(BYTES.database()), count(BYTES.redis())));
        return Report.table(List.of("measured", "PostgreSQL", "Redis"), rows);
    }

    /** The share of validates that are answered from memory. */
    private static String remembered() {
        List<List<String>> rows = new ArrayList<>();
        for (Duration bound : List.of(SHORT, LONG)) {
            rows.add(row("any of " + count(NODES) + " nodes", bound, ANY_NODE, ANY_NODE_IN_BURSTS));
            rows.add(row("any of " + FEW_NODES + " nodes", bound, ANY_OF_FEW, ANY_OF_FEW_IN_BURSTS));
            rows.add(row("always the same node", bound, SAME_NODE, SAME_NODE_IN_BURSTS));
        }
        return Report.table(
                List.of("a request goes to", "bound", "single requests", "five requests within a second"), rows);
    }

    private static List<String> row(String routing, Duration bound, Visits single, Visits inBursts) {
        return List.of(
                routing,
                bound.toSeconds() + " s",
                percent(rememberedBy(single, bound)),
                percent(rememberedBy(inBursts, bound)));
    }

    private static double rememberedBy(Visits visits, Duration bound) {
        return visits.simulate(VALIDATES / ACTIVE_SESSIONS, bound, LONG).remembered();
    }

    private static String activity() {
        List<List<String>> rows = new ArrayList<>();
        for (Duration interval : List.of(LONG, TEN_MINUTES)) {
            rows.add(List.of(
                    interval.toMinutes() + " min",
                    count(ACTIVE_SESSIONS / interval.toSeconds()),
                    count(touches(SAME_NODE, interval)),
                    count(touches(SAME_NODE_IN_BURSTS, interval))));
        }
        return Report.table(
                List.of(
                        "activity interval",
                        "at most, updates per second",
                        "single requests",
                        "five requests within a second"),
                rows);
    }

    private static double touches(Visits visits, Duration interval) {
        return VALIDATES
                * visits.simulate(VALIDATES / ACTIVE_SESSIONS, SHORT, interval).touches();
    }

    /** What reading asks, with each way to read. */
    private static String reads() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(readRow("strict, on any number of nodes", 0, FIND.database()));
        rows.add(readRow("strict, shared, on " + FEW_NODES + " large nodes", 0, SHARED_FIND));
        rows.add(readRow(
                "bounded 5 s, any of " + count(NODES) + " nodes", rememberedBy(ANY_NODE, SHORT), FIND.database()));
        rows.add(readRow("bounded 5 s, the same node", rememberedBy(SAME_NODE, SHORT), FIND.database()));
        rows.add(readRow(
                "bounded 5 s, the same node, in bursts", rememberedBy(SAME_NODE_IN_BURSTS, SHORT), FIND.database()));
        rows.add(readRow("bounded 60 s, the same node", rememberedBy(SAME_NODE, LONG), FIND.database()));
        rows.add(readRow(
                "bounded 60 s, the same node, in bursts", rememberedBy(SAME_NODE_IN_BURSTS, LONG), FIND.database()));
        return Report.table(
                List.of("reading", "reads per second", "PostgreSQL, cores", "Redis, cores", "all nodes, cores"), rows);
    }

    private static List<String> readRow(String how, double remembered, double perFind) {
        double reads = VALIDATES * (1 - remembered);
        return List.of(
                how,
                count(reads),
                cores(reads * perFind),
                perFind == SHARED_FIND ? "" : cores(reads * FIND.redis()),
                cores(reads * NODE_READS + (VALIDATES - reads) * NODE_REMEMBERS));
    }

    /** What writing asks. */
    private static String writes() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(writeRow("activity, interval of 1 min", touches(SAME_NODE, LONG), TOUCH));
        rows.add(writeRow("activity, interval of 10 min", touches(SAME_NODE, TEN_MINUTES), TOUCH));
        rows.add(writeRow("logins", LOGINS, LOGIN));
        rows.add(writeRow("revocations", REVOCATIONS, REVOCATION));
        return Report.table(List.of("writing", "writes per second", "PostgreSQL, cores", "Redis, cores"), rows);
    }

    private static List<String> writeRow(String what, double perSecond, Measured cost) {
        return List.of(what, count(perSecond), cores(perSecond * cost.database()), cores(perSecond * cost.redis()));
    }

    /** How many servers that is, without replicas. */
    private static String total() {
        List<List<String>> rows = new ArrayList<>();
        for (Duration interval : List.of(LONG, TEN_MINUTES)) {
            rows.add(totalRow("strict", 0, interval));
            rows.add(totalRow("bounded 5 s, the same node", rememberedBy(SAME_NODE, SHORT), interval));
            rows.add(totalRow(
                    "bounded 5 s, the same node, in bursts", rememberedBy(SAME_NODE_IN_BURSTS, SHORT), interval));
            rows.add(totalRow(
                    "bounded 60 s, the same node, in bursts", rememberedBy(SAME_NODE_IN_BURSTS, LONG), interval));
        }
        return Report.table(
                List.of(
                        "reading",
                        "activity interval",
                        "PostgreSQL, cores",
                        "primaries",
                        "GB of each",
                        "Redis, cores",
                        "masters",
                        "GB of each"),
                rows);
    }

    private static List<String> totalRow(String how, double remembered, Duration interval) {
        double reads = VALIDATES * (1 - remembered);
        double touches = touches(how.contains("bursts") ? SAME_NODE_IN_BURSTS : SAME_NODE, interval);
        double database = reads * FIND.database()
                + touches * TOUCH.database()
                + LOGINS * LOGIN.database()
                + REVOCATIONS * REVOCATION.database();
        double redis = reads * FIND.redis()
                + touches * TOUCH.redis()
                + LOGINS * LOGIN.redis()
                + REVOCATIONS * REVOCATION.redis();
        double primaries = Math.ceil(database / 1e6 / CORES_PER_PRIMARY);
        double masters = Math.ceil(redis / 1e6 / THREAD_PER_MASTER);
        return List.of(
                how,
                interval.toMinutes() + " min",
                cores(database),
                count(primaries),
                Report.number(SESSIONS * BYTES.database() / primaries / 1e9),
                cores(redis),
                count(masters),
                Report.number(SESSIONS * BYTES.redis() / masters / 1e9));
    }

    private static String cores(double microsecondsPerSecond) {
        return Report.number(microsecondsPerSecond / 1e6);
    }

    private static String percent(double share) {
        return Report.number(100 * share) + " %";
    }

    private static String count(double number) {
        double digits = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, number))) - 2));
        return String.format(Locale.ROOT, "%,.0f", Math.round(number / digits) * digits);
    }
}
