package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
class OwnerOnlyTest {
    private static final Map<String, String> FILES_OF_THE_OWNER = Map.of(
            "running", "rw-------",
            "secret.key", "rw-------",
            "sessions.mv.db", "rw-------",
            "signing.pem", "rw-------");

    @TempDir
    Path folder;

    @Test
    void aStartCreatesItsFolderAndFilesForTheOwnerOnly() throws Exception {
        Path data = folder.resolve("new/data");

        try (ExampleServer server = Servers.onFiles(data)) {
            new ExampleClient(server).logIn("alice", "Firefox on Linux");
            assertEquals(FILES_OF_THE_OWNER, permissions(data));
        }

        assertEquals(FILES_OF_THE_OWNER, permissions(data));
        assertEquals(Map.of("data", "rwx------"), permissions(data.getParent()));
    }

    @Test
    void aStartWithdrawsTheRightsOfOthersFromAnEarlierDatabase() throws Exception {
        Servers.onFiles(folder).close();
        Path database = folder.resolve("sessions.mv.db");
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));

        Servers.onFiles(folder).close();

        assertEquals(FILES_OF_THE_OWNER, permissions(folder));
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
