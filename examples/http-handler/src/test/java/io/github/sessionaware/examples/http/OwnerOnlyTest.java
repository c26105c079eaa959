package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"", "running", "secret.key", "signing.pem", "sessions.mv.db"})
    void aFileOrFolderThatOthersCanWriteIsRefused(String name) throws Exception {
        Servers.onFiles(folder).close();
        Path path = folder.resolve(name);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx-w----"));

        assertRefused(path.normalize(), "permissions rwx-w----", folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "secret.key", "signing.pem", "sessions.mv.db"})
    void aLinkInTheFolderIsRefusedAndItsTargetKept(String name) throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path target = Files.writeString(folder.resolve("target"), "kept");
        Path link = Files.createSymbolicLink(data.resolve(name), target);

        assertRefused(link, "a link or special file", data);

        assertEquals("kept", Files.readString(target));
    }

    @Test
    void aLinkToAFolderIsRefused() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("data")));

        assertRefused(link, "a link or special file", link);
    }

    @Test
    void aFileOfAnotherUserIsRefused() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        UserPrincipal other =
                file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");

        OwnerOnly.requireOwn(file, OwnerOnly.thisUser());

        IOException refused = assertThrows(IOException.class, () -> OwnerOnly.requireOwn(file, other));
        assertTrue(refused.getMessage().contains("must be a file or folder that belongs to nobody"));
    }

    private static void assertRefused(Path path, String found, Path data) {
        IOException refused = assertThrows(IOException.class, () -> Servers.onFiles(data));

        String message = refused.getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith(path + " must be a file or folder that belongs to "), message);
        assertTrue(message.contains(found), message);
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
