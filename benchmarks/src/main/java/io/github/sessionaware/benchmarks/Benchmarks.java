package io.github.sessionaware.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;

/**
 * Runs the benchmarks and writes the raw results as JSON into a folder. The arguments are {@code [--quick] FOLDER
 * [GROUP...]}. A group is one of {@link Plan}, {@code purge} or {@code heap}. Without a group all of them run.
 * {@link Report} needs the results of all groups.
 */
public final class Benchmarks {
    private final ObjectMapper json = new ObjectMapper();
    private final Plan plan;
    private final Path folder;

    private Benchmarks(Plan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
    }

    public static void main(String... args) throws Exception {
        boolean quick = args.length > 0 && args[0].equals("--quick");
        List<String> rest = Arrays.asList(args).subList(quick ? 1 : 0, args.length);
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(
                    "The folder for the results is missing. Usage: [--quick] FOLDER [GROUP...]");
        }
        new Benchmarks(new Plan(quick), Files.createDirectories(Path.of(rest.get(0))))
                .run(rest.subList(1, rest.size()));
    }

    private void run(List<String> wanted) throws Exception {
        List<String> all =
                new ArrayList<>(plan.groups().stream().map(Plan.Group::name).toList());
        all.addAll(List.of("purge", "heap"));
        if (!all.containsAll(wanted)) {
            throw new IllegalArgumentException("Unknown group in " + wanted + ". The groups are " + all);
        }
        try (Postgres postgres = Postgres.start();
                Redis redis = Redis.start()) {
            redis.requireAlive();
            json.writeValue(folder.resolve("machine.json").toFile(), Machine.here(plan.quick(), postgres));
            Postgres.fill(Plan.FEW, 0);
            Postgres.fill(Plan.MANY, 0);
            for (Plan.Group group : plan.groups()) {
                if (isWanted(group.name(), wanted)) {
                    runInJmh(group);
                }
            }
            if (isWanted("purge", wanted)) {
                json.writeValue(folder.resolve("purge.json").toFile(), Purge.measure(plan.quick()));
            }
        }
        if (isWanted("heap", wanted)) {
            json.writeValue(folder.resolve("heap.json").toFile(), Heap.measure());
            json.writeValue(folder.resolve("remembered.json").toFile(), RememberedToken.measure());
        }
    }

    private static boolean isWanted(String group, List<String> wanted) {
        return wanted.isEmpty() || wanted.contains(group);
    }

    private void runInJmh(Plan.Group group) throws Exception {
        List<RunResult> results = new ArrayList<>();
        for (int round = 0; round < group.rounds(); round++) {
            for (Options run : group.runs()) {
                results.addAll(new Runner(run).run());
            }
        }
        try (PrintStream file =
                new PrintStream(folder.resolve(group.name() + ".json").toFile(), StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, file).writeOut(results);
        }
    }
}
