package io.github.sessionaware.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** The machine and the software of a run. */
record Machine(String date, boolean quick, int cores, String processor, String system, String jdk, String database) {

    static Machine here(boolean quick, Postgres postgres) throws IOException, SQLException {
        return new Machine(
                LocalDate.now(ZoneOffset.UTC).toString(),
                quick,
                Runtime.getRuntime().availableProcessors(),
                nameOfProcessor(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                postgres.version());
    }

    private static String nameOfProcessor() throws IOException {
        Path linux = Path.of("/proc/cpuinfo");
        if (!Files.exists(linux)) {
            return "unknown processor";
        }
        try (Stream<String> lines = Files.lines(linux)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        }
    }
}
