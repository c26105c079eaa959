package io.github.sessionaware.benchmarks;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Turns raw results into tables and a picture: {@code RESULTS TEMPLATE PAGE PICTURE}. The page is the template, which
 * is written by hand, with a table in place of every {@code {{name}}}.
 */
public final class Report {
    private final ObjectMapper json = new ObjectMapper();
    private final Path results;
    private final List<Figure> memory;
    private final List<Figure> memoryCallers;
    private final List<Figure> algorithms;
    private final List<Figure> postgres;
    private final List<Figure> callers;
    private final List<Figure> activity;
    private final List<Figure> devices;
    private final Purge purge;
    private final List<Heap> heaps;
    private final Remembered remembered;

    private Report(Path results) throws IOException {
        this.results = results;
        memory = Figure.read(results.resolve("memory.json"));
        memoryCallers = Figure.read(results.resolve("memory-callers.json"));
        algorithms = Figure.read(results.resolve("algorithms.json"));
        postgres = Figure.read(results.resolve("postgres.json"));
        callers = Figure.read(results.resolve("callers.json"));
        activity = Figure.read(results.resolve("activity.json"));
        devices = Figure.read(results.resolve("devices.json"));
        purge = json.readValue(results.resolve("purge.json").toFile(), Purge.class);
        heaps = json.readValue(results.resolve("heap.json").toFile(), new TypeReference<>() {});
        remembered = json.readValue(results.resolve("remembered.json").toFile(), Remembered.class);
    }

    public static void main(String... args) throws IOException {
        Report report = new Report(Path.of(args[0]));
        String page = Files.readString(Path.of(args[1]));
        for (Map.Entry<String, String> table : report.tables().entrySet()) {
            page = page.replace("{{" + table.getKey() + "}}", table.getValue());
        }
        if (page.contains("{{")) {
            throw new IllegalArgumentException("The page has a name that no table has");
        }
        Files.writeString(Path.of(args[2]), page);
        Files.writeString(Path.of(args[3]), report.picture());
    }

    private Map<String, String> tables() throws IOException {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("machine", machine());
        tables.put("memory", ratios(memory, one(), "java-jwt", figure -> true));
        tables.put("postgres-few", ratios(postgres, select(Plan.FEW), "select", figure -> figure.isAmong(Plan.FEW)));
        tables.put("postgres-many", ratios(postgres, select(Plan.MANY), "select", figure -> figure.isAmong(Plan.MANY)));
        tables.put("memory-callers", callers(memoryCallers, Contender.JAVA_JWT_AND_MAP));
        tables.put("callers", callers(callers, Contender.JAVA_JWT_AND_SELECT));
        tables.put("activity", activity());
        tables.put("devices", devices());
        tables.put("purge", purge());
        tables.put("algorithms", algorithms());
        tables.put("heap", heap());
        tables.put("remembered", count(remembered.bytes()));
        tables.put("remembered-read", count(remembered.bytesOnceRead()));
        tables.put("goals", goals());
        return tables;
    }

    private String machine() throws IOException {
        Machine machine = json.readValue(results.resolve("machine.json").toFile(), Machine.class);
        return "Measured on %s: %d cores of %s, %s, %s, %s.%s"
                .formatted(
                        machine.date(),
                        machine.cores(),
                        machine.processor(),
                        machine.system(),
                        machine.jdk(),
                        machine.database(),
                        machine.quick() ? " **A quick pass, good for nothing but to see that it works.**" : "");
    }

    private static String ratios(List<Figure> all, Figure one, String unit, Predicate<Figure> which) {
        List<List<String>> rows = new ArrayList<>();
        all.stream()
                .filter(which)
                .sorted((some, other) -> Double.compare(some.mean(), other.mean()))
                .forEach(figure -> rows.add(List.of(
                        name(figure),
                        number(figure.times(one).middle()),
                        figure.times(one).toString(),
                        number(figure.mean()),
                        bytes(figure))));
        return table(List.of("", "× " + unit, "in the rounds", "µs", "bytes allocated"), rows);
    }

    /** With what makes it another case than its neighbours. */
    private static String name(Figure figure) {
        Contender contender = figure.contender();
        String name = contender.label();
        if (contender.readsTokens()) {
            name += ", " + figure.params().get("signedWith");
        }
        if (contender.remembersTokens() || figure.isFirstSight()) {
            name += figure.isFirstSight() ? ", first sight" : ", seen before";
        }
        return contender.isOurs() ? "**" + name + "**" : name;
    }

    private static String callers(List<Figure> all, Contender byHand) {
        List<String> head =
                new ArrayList<>(List.of("callers", "", "× by hand", "in the rounds", "per second", "bytes allocated"));
        boolean isSampled = all.get(0).p99() > 0;
        if (isSampled) {
            head.addAll(List.of("p99 µs", "processor here, µs", "in the database, µs"));
        }
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : all) {
            Figure.Spread gain = figure.throughputTimes(among(figure.callers(), all, byHand));
            List<String> row = new ArrayList<>(List.of(
                    String.valueOf(figure.callers()),
                    name(figure),
                    number(gain.middle()),
                    gain.toString(),
                    number(figure.perSecond()),
                    bytes(figure)));
            if (isSampled) {
                row.addAll(List.of(
                        number(figure.p99()), number(figure.processorHere()), number(figure.processorInDatabase())));
            }
            rows.add(row);
        }
        return table(head, rows);
    }

    private String activity() {
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : activity) {
            Figure atRest =
                    of(activity, figure.contender().isOurs() ? Contender.OURS_AT_REST : Contender.JAVA_JWT_AT_REST);
            rows.add(List.of(
                    name(figure),
                    number(figure.throughputTimes(atRest).middle()),
                    figure.throughputTimes(atRest).toString(),
                    number(figure.perSecond()),
                    bytes(figure),
                    number(figure.p99()),
                    number(figure.processorHere()),
                    number(figure.processorInDatabase())));
        }
        return table(
                List.of(
                        "8 callers",
                        "× at rest",
                        "in the rounds",
                        "per second",
                        "bytes allocated",
                        "p99 µs",
                        "processor here, µs",
                        "in the database, µs"),
                rows);
    }

    private String devices() {
        Figure one = of(devices, Contender.HELD_CONNECTION);
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : devices) {
            rows.add(List.of(
                    switch (figure.benchmark()) {
                        case "list" -> "list (%d sessions)".formatted(Postgres.DEVICES);
                        case "validate" -> name(figure);
                        default -> figure.benchmark();
                    },
                    number(figure.times(one).middle()),
                    figure.times(one).toString(),
                    number(figure.mean()),
                    // JMH counts what is allocated before a call, too.
                    figure.benchmark().equals("revoke") ? "" : bytes(figure)));
        }
        return table(List.of("", "× select", "in the rounds", "µs", "bytes allocated"), rows);
    }

    private String purge() {
        return table(
                        List.of("8 callers validate", "per second", "median µs", "p99 µs", "p99.9 µs"),
                        List.of(row("alone", purge.alone()), row("during the purge", purge.meanwhile())))
                + "\n\n%s removed in %s s; p99 %s × that without."
                        .formatted(
                                count(purge.purged()),
                                number(purge.purgeSeconds()),
                                number(purge.meanwhile().p99() / purge.alone().p99()));
    }

    private static List<String> row(String name, Purge.Latency latency) {
        return List.of(
                name,
                number(latency.perSecond()),
                number(latency.p50()),
                number(latency.p99()),
                number(latency.p999()));
    }

    private String algorithms() {
        List<List<String>> rows = new ArrayList<>();
        for (SignedWith signedWith : SignedWith.values()) {
            Figure verify = find(
                    algorithms,
                    figure -> figure.is(signedWith) && figure.benchmark().equals("validate"));
            Figure sign = find(
                    algorithms,
                    figure -> figure.is(signedWith) && figure.benchmark().equals("issue"));
            rows.add(List.of(
                    signedWith.name(),
                    number(verify.mean()),
                    verify.means().toString(),
                    number(sign.mean()),
                    sign.means().toString()));
        }
        return table(List.of("", "validate, first sight, µs", "in the rounds", "issue, µs", "in the rounds"), rows);
    }

    private String heap() {
        List<List<String>> rows = new ArrayList<>();
        for (Heap heap : heaps) {
            rows.add(List.of(
                    "-Xmx" + heap.heap(),
                    heap.bound() == Heap.DEFAULT_BOUND ? "default" : count(heap.bound()),
                    count(heap.logins()),
                    heap.end(),
                    heap.bytesPerSession() == 0 ? "" : String.valueOf(heap.bytesPerSession())));
        }
        return table(List.of("heap", "maxSessions", "logins", "then", "bytes per session"), rows);
    }

    private String goals() {
        Figure seen = find(
                memory, figure -> figure.is(Contender.OURS) && figure.is(SignedWith.HS256) && !figure.isFirstSight());
        Figure strict = ours(postgres, Plan.FEW);
        List<List<String>> rows = new ArrayList<>();
        rows.add(atMost("memory, seen before, × java-jwt", seen.times(one()), 0.25));
        rows.add(atMost("memory, seen before, bytes allocated", seen.bytes(), 1024));
        rows.add(atMost(
                "memory, first sight, × java-jwt with the same tokens",
                firstSight(Contender.OURS).times(firstSight(Contender.JAVA_JWT)),
                1.3));
        for (SignedWith signedWith : List.of(SignedWith.RS256, SignedWith.ES256)) {
            rows.add(atMost(
                    "memory, seen before, " + signedWith + " × HS256",
                    find(memory, figure -> figure.is(Contender.OURS) && figure.is(signedWith))
                            .times(seen),
                    1.1));
        }
        rows.add(atMost("PostgreSQL, 1 caller, × select", strict.times(select(Plan.FEW)), 1.2));
        rows.add(atMost(
                "PostgreSQL, 1 caller, × Spring Session JDBC",
                strict.times(of(postgres, Contender.SPRING_SESSION)),
                0.15));
        for (int number : Plan.CALLERS) {
            double goal = number <= Postgres.CONNECTIONS ? 0.97 : number == 64 ? 3 : 4;
            rows.add(atLeast(
                    "PostgreSQL, callers: %d, × one query each, by hand".formatted(number),
                    oursAmong(number).throughputTimes(byHandAmong(number)),
                    goal));
        }
        for (int number : List.of(64, 256)) {
            rows.add(atMost(
                    "PostgreSQL, callers: %d, p99 × one query each, by hand".formatted(number),
                    oursAmong(number).p99Times(byHandAmong(number)),
                    1));
        }
        rows.add(atLeast(
                "activity recorded, 8 callers, × at rest",
                of(activity, Contender.OURS_AT_A_PACE).throughputTimes(of(activity, Contender.OURS_AT_REST)),
                0.95));
        rows.add(atMost(
                "list %d sessions among %s, × select".formatted(Postgres.DEVICES, count(Plan.MANY)),
                find(devices, figure -> figure.benchmark().equals("list"))
                        .times(of(devices, Contender.HELD_CONNECTION)),
                1.5));
        rows.add(atMost(
                "during a purge, p99 × that without",
                Figure.Spread.of(purge.meanwhile().p99() / purge.alone().p99()),
                2));
        return table(List.of("", "goal", "measured", "in the rounds", ""), rows);
    }

    private static List<String> atMost(String what, Figure.Spread measured, double goal) {
        return goal(what, "≤ ", goal, measured, measured.middle() <= goal);
    }

    private static List<String> atLeast(String what, Figure.Spread measured, double goal) {
        return goal(what, "≥ ", goal, measured, measured.middle() >= goal);
    }

    private static List<String> goal(String what, String side, double goal, Figure.Spread measured, boolean isMet) {
        return List.of(
                what,
                side + number(goal),
                number(measured.middle()),
                measured.toString(),
                isMet ? "met" : "**missed**");
    }

    private String picture() {
        Chart chart = new Chart();
        chart.group(
                "In memory, HS256: time of a validate, java-jwt's verify = 1",
                bars(memory, one(), figure -> figure.is(SignedWith.HS256)));
        chart.group(
                "On PostgreSQL, HS256, one caller: time of a validate, a select on a held connection = 1",
                bars(postgres, select(Plan.FEW), figure -> figure.is(SignedWith.HS256) && figure.isAmong(Plan.FEW)));
        chart.group(
                "On PostgreSQL, %d connections: validates per second".formatted(Postgres.CONNECTIONS),
                Plan.CALLERS.stream()
                        .flatMap(number -> Stream.of(byHandAmong(number), oursAmong(number))
                                .map(figure -> new Chart.Bar(
                                        "callers: %d, %s"
                                                .formatted(
                                                        number,
                                                        figure.contender().isOurs()
                                                                ? figure.contender()
                                                                        .label()
                                                                : "by hand"),
                                        figure.perSecond(),
                                        figure.contender().isOurs())))
                        .toList());
        return chart.svg();
    }

    private static List<Chart.Bar> bars(List<Figure> all, Figure one, Predicate<Figure> which) {
        return all.stream()
                .filter(which)
                .sorted((some, other) -> Double.compare(some.mean(), other.mean()))
                .map(figure -> new Chart.Bar(
                        name(figure).replace("*", "").replace(", HS256", ""),
                        figure.times(one).middle(),
                        name(figure).startsWith("*")))
                .toList();
    }

    private Figure one() {
        return find(
                memory,
                figure -> figure.is(Contender.JAVA_JWT) && figure.is(SignedWith.HS256) && !figure.isFirstSight());
    }

    private Figure firstSight(Contender contender) {
        return find(memory, figure -> figure.is(contender) && figure.isFirstSight());
    }

    private Figure select(int sessions) {
        return find(postgres, figure -> figure.is(Contender.HELD_CONNECTION) && figure.isAmong(sessions));
    }

    private static Figure ours(List<Figure> figures, int sessions) {
        return find(
                figures,
                figure -> figure.is(Contender.OURS_ON_POSTGRES)
                        && figure.is(SignedWith.HS256)
                        && figure.isAmong(sessions)
                        && !figure.isFirstSight());
    }

    private Figure byHandAmong(int number) {
        return among(number, callers, Contender.JAVA_JWT_AND_SELECT);
    }

    private Figure oursAmong(int number) {
        return among(number, callers, Contender.OURS_ON_POSTGRES);
    }

    private static Figure among(int number, List<Figure> figures, Contender contender) {
        return find(figures, figure -> figure.callers() == number && figure.is(contender));
    }

    private static Figure of(List<Figure> figures, Contender contender) {
        return find(figures, figure -> figure.is(contender));
    }

    private static Figure find(List<Figure> figures, Predicate<Figure> which) {
        return figures.stream().filter(which).findFirst().orElseThrow();
    }

    private static String bytes(Figure figure) {
        return String.format(Locale.ROOT, "%,.0f", figure.bytesPerCall());
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Three digits: more would be noise. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    private static String table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder();
        line(table, head);
        line(
                table,
                head.stream()
                        .map(column -> column.equals(head.get(0)) ? "---" : "---:")
                        .toList());
        rows.forEach(row -> line(table, row));
        return table.toString().stripTrailing();
    }

    private static void line(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
