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
    private final List<Figure> algorithms;
    private final List<Figure> postgres;
    private final List<Figure> callers;
    private final List<Figure> activity;
    private final List<Figure> devices;
    private final Purge purge;
    private final List<Heap> heaps;

    private Report(Path results) throws IOException {
        this.results = results;
        memory = Figure.read(results.resolve("memory.json"));
        algorithms = Figure.read(results.resolve("algorithms.json"));
        postgres = Figure.read(results.resolve("postgres.json"));
        callers = Figure.read(results.resolve("callers.json"));
        activity = Figure.read(results.resolve("activity.json"));
        devices = Figure.read(results.resolve("devices.json"));
        purge = json.readValue(results.resolve("purge.json").toFile(), Purge.class);
        heaps = json.readValue(results.resolve("heap.json").toFile(), new TypeReference<>() {});
    }

    public static void main(String... args) throws IOException {
        Report report = new Report(Path.of(args[0]));
        String page = Files.readString(Path.of(args[1]));
        for (Map.Entry<String, String> table : report.tables().entrySet()) {
            page = page.replace("{{" + table.getKey() + "}}", table.getValue());
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
        tables.put("callers", callers());
        tables.put("activity", activity());
        tables.put("devices", devices());
        tables.put("purge", purge());
        tables.put("algorithms", algorithms());
        tables.put("heap", heap());
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
                        number(figure.mean() / one.mean()),
                        number(figure.mean()),
                        "± " + number(figure.error()),
                        bytes(figure))));
        return table(List.of("", "× " + unit, "µs", "", "bytes allocated"), rows);
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

    private String callers() {
        List<List<String>> rows = new ArrayList<>();
        for (int number : Plan.CALLERS) {
            Figure plain = among(number, Contender.JAVA_JWT_AND_SELECT);
            Figure ours = among(number, Contender.OURS_ON_POSTGRES);
            rows.add(List.of(
                    String.valueOf(number),
                    number(plain.perSecond()),
                    number(ours.perSecond()),
                    number(ours.perSecond() / plain.perSecond()),
                    number(plain.p99()),
                    number(ours.p99()),
                    "± %s %%, ± %s %%"
                            .formatted(
                                    number(100 * plain.error() / plain.mean()),
                                    number(100 * ours.error() / ours.mean()))));
        }
        return table(
                List.of(
                        "callers",
                        "one query each, per second",
                        "**session-aware-jwt**, per second",
                        "ratio",
                        "one query each, p99 µs",
                        "**session-aware-jwt**, p99 µs",
                        "spread of the two"),
                rows);
    }

    private String activity() {
        List<List<String>> rows = new ArrayList<>();
        Figure atRest = of(activity, Contender.OURS_AT_REST);
        for (Figure figure : activity) {
            rows.add(List.of(
                    name(figure),
                    number(figure.perSecond()),
                    number(figure.perSecond() / atRest.perSecond()),
                    number(figure.mean()),
                    "± " + number(figure.error()),
                    number(figure.p99())));
        }
        return table(List.of("8 callers", "per second", "ratio", "µs", "", "p99 µs"), rows);
    }

    private String devices() {
        Figure one = select(Plan.MANY);
        List<List<String>> rows = new ArrayList<>();
        for (Figure figure : devices) {
            rows.add(List.of(
                    figure.benchmark().equals("list")
                            ? "list (%d sessions)".formatted(Postgres.DEVICES)
                            : figure.benchmark(),
                    number(figure.mean() / one.mean()),
                    number(figure.mean()),
                    "± " + number(figure.error()),
                    // JMH counts what is allocated before a call, too.
                    figure.benchmark().equals("revoke") ? "" : bytes(figure)));
        }
        return table(List.of("", "× select", "µs", "", "bytes allocated"), rows);
    }

    private String purge() {
        return table(
                        List.of("8 callers validate", "per second", "median µs", "p99 µs", "p99.9 µs"),
                        List.of(row("alone", purge.alone()), row("during the purge", purge.meanwhile())))
                + "\n\n%,d removed in %s s; p99 %s × that without."
                        .formatted(
                                purge.purged(),
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
                    "± " + number(verify.error()),
                    number(sign.mean()),
                    "± " + number(sign.error())));
        }
        return table(List.of("", "validate, first sight, µs", "", "issue, µs", ""), rows);
    }

    private String heap() {
        List<List<String>> rows = new ArrayList<>();
        for (Heap heap : heaps) {
            rows.add(List.of(
                    "-Xmx" + heap.heap(),
                    heap.bound() == Heap.DEFAULT_BOUND ? "default" : "%,d".formatted(heap.bound()),
                    "%,d".formatted(heap.logins()),
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
        rows.add(atMost("memory, seen before, × java-jwt", seen.mean() / one().mean(), 0.25));
        rows.add(atMost("memory, seen before, bytes allocated", seen.bytesPerCall(), 1024));
        rows.add(atMost(
                "memory, first sight, × java-jwt with the same tokens",
                firstSight(Contender.OURS).mean()
                        / firstSight(Contender.JAVA_JWT).mean(),
                1.3));
        for (SignedWith signedWith : List.of(SignedWith.RS256, SignedWith.ES256)) {
            rows.add(atMost(
                    "memory, seen before, " + signedWith + " × HS256",
                    find(memory, figure -> figure.is(Contender.OURS) && figure.is(signedWith))
                                    .mean()
                            / seen.mean(),
                    1.1));
        }
        rows.add(atMost(
                "PostgreSQL, 1 caller, × select",
                strict.mean() / select(Plan.FEW).mean(),
                1.2));
        rows.add(atMost(
                "PostgreSQL, 1 caller, × Spring Session JDBC",
                strict.mean() / of(postgres, Contender.SPRING_SESSION).mean(),
                0.15));
        for (int number : Plan.CALLERS) {
            double goal = number <= Postgres.CONNECTIONS ? 0.97 : number == 64 ? 3 : 4;
            rows.add(atLeast("PostgreSQL, callers: %d, × one query each".formatted(number), gain(number), goal));
        }
        for (int number : List.of(64, 256)) {
            rows.add(atMost(
                    "PostgreSQL, callers: %d, p99 × one query each".formatted(number),
                    among(number, Contender.OURS_ON_POSTGRES).p99()
                            / among(number, Contender.JAVA_JWT_AND_SELECT).p99(),
                    1));
        }
        rows.add(atLeast(
                "activity recorded, 8 callers, × at rest",
                of(activity, Contender.OURS_AT_A_PACE).perSecond()
                        / of(activity, Contender.OURS_AT_REST).perSecond(),
                0.95));
        rows.add(atMost(
                "list %d sessions among %,d, × select".formatted(Postgres.DEVICES, Plan.MANY),
                find(devices, figure -> figure.benchmark().equals("list")).mean()
                        / select(Plan.MANY).mean(),
                1.5));
        rows.add(atMost(
                "during a purge, p99 × that without",
                purge.meanwhile().p99() / purge.alone().p99(),
                2));
        return table(List.of("", "goal", "measured", ""), rows);
    }

    private static List<String> atMost(String what, double measured, double goal) {
        return List.of(what, "≤ " + number(goal), number(measured), measured <= goal ? "met" : "**missed**");
    }

    private static List<String> atLeast(String what, double measured, double goal) {
        return List.of(what, "≥ " + number(goal), number(measured), measured >= goal ? "met" : "**missed**");
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
                        .flatMap(number -> Stream.of(Contender.JAVA_JWT_AND_SELECT, Contender.OURS_ON_POSTGRES)
                                .map(contender -> new Chart.Bar(
                                        "callers: %d, %s"
                                                .formatted(
                                                        number,
                                                        contender.isOurs() ? contender.label() : "one query each"),
                                        among(number, contender).perSecond(),
                                        contender.isOurs())))
                        .toList());
        return chart.svg();
    }

    private static List<Chart.Bar> bars(List<Figure> all, Figure one, Predicate<Figure> which) {
        return all.stream()
                .filter(which)
                .sorted((some, other) -> Double.compare(some.mean(), other.mean()))
                .map(figure -> new Chart.Bar(
                        name(figure).replace("*", "").replace(", HS256", ""),
                        figure.mean() / one.mean(),
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

    private Figure among(int number, Contender contender) {
        return find(callers, figure -> figure.callers() == number && figure.is(contender));
    }

    private double gain(int number) {
        return among(number, Contender.OURS_ON_POSTGRES).perSecond()
                / among(number, Contender.JAVA_JWT_AND_SELECT).perSecond();
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
