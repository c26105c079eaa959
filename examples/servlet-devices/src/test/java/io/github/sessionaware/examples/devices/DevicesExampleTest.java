package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.examples.devices.DevicesExample.Started;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesExampleTest {
    private static final Map<String, String> FILES_OF_THE_OWNER =
            Map.of("running", "rw-------", "secrets", "rw-------", "sessions.mv.db", "rw-------");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aRestartKeepsTheSignIns() throws Exception {
        Browser laptop;
        try (Started first = start(folder)) {
            laptop = new Browser(first.server().port(), "curl/8.5.0").signedIn("alice");
        }

        try (Started second = start(folder)) {
            Browser same = new Browser(second.server().port(), "curl/8.5.0");
            same.cookies().putAll(laptop.cookies());
            assertEquals(200, same.get("/devices").statusCode());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    void aStartCreatesItsFolderAndFilesForTheOwnerOnly() throws Exception {
        Path data = folder.resolve("new/data");

        try (Started started = start(data)) {
            new Browser(started.server().port(), "curl/8.5.0").signedIn("alice");
            assertEquals(FILES_OF_THE_OWNER, permissions(data));
        }

        assertEquals(FILES_OF_THE_OWNER, permissions(data));
        assertEquals(Map.of("data", "rwx------"), permissions(data.getParent()));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    void aStartWithdrawsTheRightsOfOthersFromAnEarlierDatabase() throws Exception {
        start(folder).close();
        Files.setPosixFilePermissions(folder.resolve("sessions.mv.db"), PosixFilePermissions.fromString("rw-r--r--"));

        start(folder).close();

        assertEquals(FILES_OF_THE_OWNER, permissions(folder));
    }

    /** Needs a second process, because the operating system does not lock a file against its own process. */
    @Test
    void aSecondStartSaysWhereTheFirstOneListensAndHowToStopIt() throws Exception {
        try (Started first = start(folder)) {
            Process second = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            DevicesExample.class.getName(),
                            Integer.toString(first.server().port()),
                            folder.toString())
                    .redirectErrorStream(true)
                    .start();

            String printed = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(1, second.waitFor());
            assertEquals(
                    List.of(
                            "The example is already running, with its data in " + folder.toAbsolutePath() + ": "
                                    + first.server().url() + " (process "
                                    + ProcessHandle.current().pid() + ")",
                            "Stop it with Ctrl+C in its terminal, or start a second one with another port and folder",
                            "Usage: java -jar servlet-devices.jar [PORT [FOLDER [LOCATIONS.mmdb ...]]]"),
                    printed.lines().toList());
        }
    }

    @Test
    void aPortInUseIsReportedWithBothRemedies() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            String port = Integer.toString(other.getLocalPort());

            assertEquals(1, run(port, folder.toString()));
            assertEquals(
                    List.of(
                            "Cannot listen on port " + port + ": Address already in use",
                            "If an example is already running there, stop it with Ctrl+C in its terminal."
                                    + " Or choose another port",
                            "Usage: java -jar servlet-devices.jar [PORT [FOLDER [LOCATIONS.mmdb ...]]]"),
                    err.toString(StandardCharsets.UTF_8).lines().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "65536"})
    void aWrongPortPrintsTheUsageAndExitsWith2(String port) {
        assertEquals(2, run(port));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("a number from 0 to 65535"), err::toString);
    }

    private static Started start(Path folder) throws Exception {
        return DevicesExample.start(0, folder, List.of(), () -> new Users(1));
    }

    private int run(String... args) {
        int code = DevicesExample.run(print(out), print(err), args);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        return code;
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static Map<String, String> permissions(Path folder) throws IOException {
        Map<String, String> permissions = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                permissions.put(
                        file.getFileName().toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return permissions;
    }
}
