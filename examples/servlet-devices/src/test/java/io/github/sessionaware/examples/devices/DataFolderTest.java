package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
class DataFolderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "running", "secrets", "sessions.mv.db"})
    void aFileOrFolderThatOthersCanWriteIsRefused(String name) throws Exception {
        start(folder).close();
        Path path = folder.resolve(name);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx-w----"));

        assertRefused(path.normalize(), "permissions rwx-w----", folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "secrets", "sessions.mv.db"})
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
        IOException refused = assertThrows(IOException.class, () -> start(data));

        String message = refused.getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith(path + " must be a file or folder that belongs to "), message);
        assertTrue(message.contains(found), message);
    }

    /** Another process may read the file at any time, and a crash may leave it as it is then. */
    @Test
    void theSecretsAreNeverSeenInPart() throws Exception {
        for (int round = 0; round < 200; round++) {
            Path file = folder.resolve(round + "/secrets");
            try (DataFolder data = DataFolder.open(file.getParent())) {
                CompletableFuture<Long> seen = CompletableFuture.supplyAsync(() -> sizeOnceItExists(file));
                assertEquals(96, data.secrets(96).length);
                assertEquals(96, seen.get());
            }
        }
    }

    @Test
    void theTextOfAClaimIsShownInPrintableAscii() throws Exception {
        Path running = Files.writeString(folder.resolve("running"), "\u001b]0;x\u0007http://localhost\n\u00e9");

        try (FileChannel channel = FileChannel.open(running)) {
            assertEquals("?]0;x?http://localhost???", DataFolder.text(channel));
        }
    }

    private static long sizeOnceItExists(Path file) {
        while (!file.toFile().exists()) {
            Thread.onSpinWait();
        }
        return file.toFile().length();
    }

    private static DevicesExample.Started start(Path folder) throws Exception {
        return DevicesExample.start(0, folder, List.of(), () -> new Users(1));
    }
}
