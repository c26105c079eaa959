package io.github.sessionaware.examples.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar, started as a user starts it. Maven runs this after it has made the jar. */
@Tag("thorough")
class PackagedApplicationTest {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theJarRunsWithAndWithoutWhatWasProcessedAheadOfTime(boolean isAheadOfTime) throws IOException {
        try (Database database = Database.start()) {
            Process java = new ProcessBuilder(command(database, isAheadOfTime))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader log = java.inputReader()) {
                List<String> lines = new ArrayList<>();
                URI address = URI.create("http://127.0.0.1:" + port(log, lines));
                assertEquals(
                        isAheadOfTime,
                        lines.stream().anyMatch(line -> line.contains("Starting AOT-processed DevicesApplication")),
                        () -> String.join("\n", lines));
                database.execute("insert into users (name, password) values ('alice', '{noop}right')");
                Browser browser = new Browser(address);

                assertEquals(401, browser.status("GET", "/sessions"));
                assertEquals(302, browser.signIn("alice", "right").statusCode());
                assertEquals(200, browser.status("GET", "/sessions"));
                assertEquals(200, browser.status("GET", "/"));
                assertEquals(200, browser.status("POST", "/password", "password", "right", "newPassword", "new"));
                assertEquals(200, browser.status("POST", "/sign-out"));
                assertEquals(401, browser.status("GET", "/sessions"));
            } finally {
                java.destroyForcibly().onExit().join();
            }
        }
    }

    private static List<String> command(Database database, boolean isAheadOfTime) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dspring.aot.enabled=" + isAheadOfTime,
                "-jar",
                Path.of("target", "spring-boot.jar").toString(),
                "--server.port=0",
                "--server.address=127.0.0.1"));
        command.addAll(database.arguments());
        return command;
    }

    /** Reads the log until the application is up, and keeps what it has read. */
    private static String port(BufferedReader log, List<String> lines) throws IOException {
        for (String line; (line = log.readLine()) != null; ) {
            lines.add(line);
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return port.group(1);
            }
        }
        throw new AssertionError("The application has not started:\n" + String.join("\n", lines));
    }
}
