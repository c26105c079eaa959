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
 * Writes the page and the chart of the raw results. The arguments are {@code RESULTS TEMPLATE PAGE CHART}. The page is
 * the hand-written template with a table in place of every {@code {{name}}}.
 */
public final class Report {
    private final ObjectMapper json = new ObjectMapper();
    private final Path results;
    private final List<Figure> memory;
    private final List<Figure> memoryCallers;
    private final List<Figure> algorithms;
    private final List<Figure> postgres;
    private final List<Figure> callers;
    private final List<Figure> staleness;
    private final List<Figure> activity;
    private final List<Figure> devices;
    private final List<Figure> redis;
    private final List<Figure> renewal;
    private final Purge purge;
    private final List<Heap> heaps;
    private final RememberedToken remembered;

    private Report(Path results) throws IOException {
        this.results = results;
        memory = Figure.read(results.resolve("memory.json"));
        memoryCallers = Figure.read(results.resolve("memory-callers.json"));
        algorithms = Figure.read(results.resolve("algorithms.json"));
        postgres = Figure.read(results.resolve("postgres.json"));
        callers = Figure.read(results.resolve("callers.json"));
        staleness = Figure.read(results.resolve("staleness.json"));
        activity = Figure.read(results.resolve("activity.json"));
        devices = Figure.read(results.resolve("devices.json"));
        redis = Figure.read(results.resolve("redis.json"));
        renewal = Figure.read(results.resolve("renewal.json"));
        purge = json.readValue(results.resolve("purge.json").toFile(), Purge.class);
        heaps = json.readValue(results.resolve("heap.json").toFile(), new TypeReference<>() {});
        remembered = json.readValue(results.resolve("remembered.json").toFile(), RememberedToken.class);
    }

    public static void main(String... args) throws IOException {
        Report report = new Report(Path.of(args[0]));
        String page = Files.readString(Path.of(args[1]));
        for (Map.Entry<String, String> table : report.tables().entrySet()) {
            page = page.replace("{{" + table.getKey() + "}}", table.getValue());
        }
        if (page.contains("{{")) {
            throw new IllegalArgumentException("The template has a {{name}} without a table. The tables are "
                    + report.tables().keySet());
        }
        Files.writeString(Path.of(args[2]), page);
        Files.writeString(Path.of(args[3]), report.chart());
    }

    private Map<String, String> tables() throws IOException {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("machine", machine());
        tables.put("memory", ratios(memory, one(), "java-jwt", figure -> true));
        tables.put("postgres-few", ratios(postgres, select(Plan.FEW), "select", figure -> figure.isAmong(Plan.FEW)));
        tables.put("postgres-many", ratios(postgres, select(Plan.MANY), "select", figure -> figure.isAmong(Plan.MANY)));
        tables.put("memory-callers", callers(memoryCallers, Contender.JAVA_JWT_AND_MAP));
        tables.put("callers", callers(callers, Contender.JAVA_JWT_AND_SELECT));
        tables.put("staleness", staleness());
        tables.put("activity", activity());
        tables.put("devices", devices());
        tables.put("redis", ratios(redis, of(redis, Contender.HGET_ONLY), "HGET", figure -> true));
        tables.put("renewal", renewal());
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
                        machine.quick() ? " **This was a quick run. Its figures mean nothing.**" : "");
    }

    private static String ratios(List<Figure> all, Figure one, String unit, Predicate<Figure> which) {
        List<List<String>> rows = new ArrayList<>();
        all.stream()
                .filter(which)
                .sorted((some, other) -> Double.compare(some.mean(), other.mean()))
                .forEach(figure -> rows.add(List.of(
                        name(figure),
                        number(figure.times(one).median()),
                        figure.times(one).toString(),
                        number(figure.mean()),
                        bytes(figure))));
        return table(List.of("", "× " + unit, "range", "µs", "bytes allocated"), rows);
    }

    /** Returns the label with the parameters that tell the rows of a table apart. Ours is in bold. */
    private static String name(Figure figure) {
        Contender contender = figure.contender();
        String name = contender.label();
        if (contender.readsTokens()) {
            name += ", " + figure.params().get("signedWith");
        }
        if (contender.cachesTokens() || figure.isNewToken()) {
            name += figure.isNewToken() ? ", new token" : ", repeated token";
        }
        return contender.isOurs() ? "**" + name + "**" : name;
    }

    private static String callers(List<Figure> all, Contender handWritten) {
        List<String> head =
                new ArrayList<>(List.of("callers", "", "× hand-written", "range", "per second", "bytes allocated"));
        boolean isSampled = all.get(0).p99() > 0;
        if (isSampled) {
            head.addAll(List.of("p99 µs", "CPU µs, this process", "CPU µs, database"));
        }
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : all) {
            Figure.Spread gain = figure.throughputTimes(among(figure.callers(), all, handWritten));
            List<String> row = new ArrayList<>(List.of(
                    String.valueOf(figure.callers()),
                    name(figure),
                    number(gain.median()),
                    gain.toString(),
                    number(figure.perSecond()),
                    bytes(figure)));
            if (isSampled) {
                row.addAll(
                        List.of(number(figure.p99()), number(figure.cpuInProcess()), number(figure.cpuInDatabase())));
            }
            rows.add(row);
        }
        return table(head, rows);
    }

    private String staleness() {
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : staleness) {
            Figure.Spread toMemory = figure.times(among(figure.callers(), staleness, Contender.OURS));
            Figure strict = among(figure.callers(), staleness, Contender.OURS_ON_POSTGRES);
            rows.add(List.of(
                    String.valueOf(figure.callers()),
                    switch (figure.contender()) {
                        case OURS -> "in memory";
                        case OURS_ON_POSTGRES -> "PostgreSQL, every validate reads";
                        default -> "**PostgreSQL, maxStaleness 5 s**";
                    },
                    number(toMemory.median()),
                    toMemory.toString(),
                    number(figure.throughputTimes(strict).median()),
                    number(figure.perSecond()),
                    bytes(figure)));
        }
        return table(
                List.of(
                        "callers",
                        "",
                        "time × in memory",
                        "range",
                        "throughput × every validate reads",
                        "per second",
                        "bytes allocated"),
                rows);
    }

    private String activity() {
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : activity) {
            Figure noActivityDue = of(
                    activity,
                    figure.contender().isOurs() ? Contender.OURS_NO_ACTIVITY_DUE : Contender.JAVA_JWT_NO_ACTIVITY_DUE);
            rows.add(List.of(
                    name(figure),
                    number(figure.throughputTimes(noActivityDue).median()),
                    figure.throughputTimes(noActivityDue).toString(),
                    number(figure.perSecond()),
                    bytes(figure),
                    number(figure.p99()),
                    number(figure.cpuInProcess()),
                    number(figure.cpuInDatabase())));
        }
        return table(
                List.of(
                        "8 callers",
                        "× no activity due",
                        "range",
                        "per second",
                        "bytes allocated",
                        "p99 µs",
                        "CPU µs, this process",
                        "CPU µs, database"),
                rows);
    }

    private String devices() {
        Figure one = of(devices, Contender.SELECT_ONLY);
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : devices) {
            rows.add(List.of(
                    switch (figure.benchmark()) {
                        case "list" -> "list (%d sessions)".formatted(Postgres.DEVICES);
                        case "validate" -> name(figure);
                        default -> figure.benchmark();
                    },
                    number(figure.times(one).median()),
                    figure.times(one).toString(),
                    number(figure.mean()),
                    // JMH also counts what the setup of each call allocates.
                    figure.benchmark().equals("revoke") ? "" : bytes(figure)));
        }
        return table(List.of("", "× select", "range", "µs", "bytes allocated"), rows);
    }

    private String renewal() {
        List<List<String>> rows = new ArrayList<>();
        for (RenewalBenchmark.Store store : RenewalBenchmark.Store.values()) {
            Figure refresh = ofRenewal("refresh", store);
            for (Figure figure : List.of(refresh, ofRenewal("renew", store))) {
                rows.add(List.of(
                        switch (store) {
                            case MEMORY -> "in memory";
                            case POSTGRES -> "PostgreSQL";
                        },
                        figure.benchmark().equals("refresh") ? "refresh" : "renewal with an ES256 proof",
                        number(figure.times(refresh).median()),
                        figure.times(refresh).toString(),
                        number(figure.mean())));
            }
        }
        return table(List.of("", "", "× refresh", "range", "µs"), rows);
    }

    private Figure ofRenewal(String benchmark, RenewalBenchmark.Store store) {
        return find(
                renewal,
                figure -> figure.benchmark().equals(benchmark)
                        && store.name().equals(figure.params().get("store")));
    }

    private String purge() {
        return table(
                        List.of("8 callers validate", "per second", "median µs", "p99 µs", "p99.9 µs"),
                        List.of(row("without a purge", purge.alone()), row("during the purge", purge.meanwhile())))
                + "\n\nThe purge removed %s sessions in %s s. The p99 was %s times the p99 without a purge."
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
        return table(List.of("", "validate, new token, µs", "range", "issue, µs", "range"), rows);
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
        return table(List.of("heap", "maxSessions", "logins", "end", "bytes per session"), rows);
    }

    private String goals() {
        Figure seen = find(
                memory, figure -> figure.is(Contender.OURS) && figure.is(SignedWith.HS256) && !figure.isNewToken());
        Figure strict = ours(postgres, Plan.FEW);
        List<List<String>> rows = new ArrayList<>();
        rows.add(atMost("memory, repeated token, × java-jwt", seen.times(one()), 0.25));
        rows.add(atMost("memory, repeated token, bytes allocated", seen.bytes(), 1024));
        rows.add(atMost(
                "memory, new token, × java-jwt with the same tokens",
                newToken(Contender.OURS).times(newToken(Contender.JAVA_JWT)),
                1.3));
        for (SignedWith signedWith : List.of(SignedWith.RS256, SignedWith.ES256)) {
            rows.add(atMost(
                    "memory, repeated token, " + signedWith + " × HS256",
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
                    "PostgreSQL, callers: %d, × hand-written".formatted(number) + sharing(number),
                    oursAmong(number).throughputTimes(handWrittenAmong(number)),
                    goal));
        }
        for (int number : List.of(64, 256)) {
            rows.add(atMost(
                    "PostgreSQL, callers: %d, p99 × hand-written".formatted(number) + sharing(number),
                    oursAmong(number).p99Times(handWrittenAmong(number)),
                    1));
        }
        rows.add(atMost(
                "Redis, 1 caller, × Spring Session Redis",
                of(redis, Contender.OURS_ON_REDIS).times(of(redis, Contender.SPRING_SESSION_REDIS)),
                0.2));
        for (int number : Plan.STALENESS_CALLERS) {
            rows.add(atMost(
                    "PostgreSQL, maxStaleness 5 s, callers: %d, time × in memory".formatted(number),
                    among(number, staleness, Contender.OURS_ON_POSTGRES_BOUNDED)
                            .times(among(number, staleness, Contender.OURS)),
                    1.2));
        }
        rows.add(atLeast(
                "activity recorded, 8 callers, × no activity due",
                of(activity, Contender.OURS_WITH_ACTIVITY)
                        .throughputTimes(of(activity, Contender.OURS_NO_ACTIVITY_DUE)),
                0.95));
        rows.add(atMost(
                "list %d sessions among %s, × select".formatted(Postgres.DEVICES, count(Plan.MANY)),
                find(devices, figure -> figure.benchmark().equals("list")).times(of(devices, Contender.SELECT_ONLY)),
                1.5));
        rows.add(atMost(
                "p99 during a purge, × p99 without",
                Figure.Spread.of(purge.meanwhile().p99() / purge.alone().p99()),
                2));
        return table(List.of("", "goal", "measured", "range", ""), rows);
    }

    private static List<String> atMost(String what, Figure.Spread measured, double goal) {
        return goal(what, "≤ ", goal, measured, measured.median() <= goal);
    }

    private static List<String> atLeast(String what, Figure.Spread measured, double goal) {
        return goal(what, "≥ ", goal, measured, measured.median() >= goal);
    }

    private static List<String> goal(String what, String side, double goal, Figure.Spread measured, boolean isMet) {
        return List.of(
                what,
                side + number(goal),
                number(measured.median()),
                measured.toString(),
                isMet ? "met" : "**missed**");
    }

    private String chart() {
        Chart chart = new Chart();
        chart.group(
                "In memory, HS256: time of a validate, relative to java-jwt's verify",
                bars(memory, one(), figure -> figure.is(SignedWith.HS256)));
        chart.group(
                "On PostgreSQL, HS256, one caller: time of a validate, relative to a select",
                bars(postgres, select(Plan.FEW), figure -> figure.is(SignedWith.HS256) && figure.isAmong(Plan.FEW)));
        chart.group(
                "On PostgreSQL, %d connections: validates per second".formatted(Postgres.CONNECTIONS),
                Plan.CALLERS.stream()
                        .flatMap(number -> Stream.of(handWrittenAmong(number), oursAmong(number))
                                .map(figure -> new Chart.Bar(
                                        "callers: %d, %s"
                                                .formatted(
                                                        number,
                                                        figure.contender().isOurs()
                                                                ? figure.contender()
                                                                        .label()
                                                                : "hand-written"),
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
                        figure.times(one).median(),
                        name(figure).startsWith("*")))
                .toList();
    }

    private Figure one() {
        return find(
                memory, figure -> figure.is(Contender.JAVA_JWT) && figure.is(SignedWith.HS256) && !figure.isNewToken());
    }

    private Figure newToken(Contender contender) {
        return find(memory, figure -> figure.is(contender) && figure.isNewToken());
    }

    private Figure select(int sessions) {
        return find(postgres, figure -> figure.is(Contender.SELECT_ONLY) && figure.isAmong(sessions));
    }

    private static Figure ours(List<Figure> figures, int sessions) {
        return find(
                figures,
                figure -> figure.is(Contender.OURS_ON_POSTGRES)
                        && figure.is(SignedWith.HS256)
                        && figure.isAmong(sessions)
                        && !figure.isNewToken());
    }

    private Figure handWrittenAmong(int number) {
        return among(number, callers, Contender.JAVA_JWT_AND_SELECT);
    }

    private Figure oursAmong(int number) {
        return among(
                number,
                callers,
                sharesSelects(number) ? Contender.OURS_ON_POSTGRES_SHARED_SELECTS : Contender.OURS_ON_POSTGRES);
    }

    private static String sharing(int callers) {
        return sharesSelects(callers) ? ", shared selects" : "";
    }

    private static boolean sharesSelects(int callers) {
        return callers > Postgres.CONNECTIONS;
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

    /** Formats three significant digits. More would be noise. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    static String table(List<String> head, List<List<String>> rows) {
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
