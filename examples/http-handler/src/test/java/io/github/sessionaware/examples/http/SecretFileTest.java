package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
    @TempDir
    Path data;

    @Test
    void aSecretIsCreatedOnceAndReadAfterwards() throws Exception {
        Path file = data.resolve("secret.key");

        byte[] first = SecretFile.readOrCreate(file);
        byte[] second = SecretFile.readOrCreate(file);

        assertEquals(32, first.length);
        assertArrayEquals(first, second);
    }

    @Test
    void startsAtTheSameTimeReadTheSameSecret() throws Exception {
        for (int round = 0; round < 200; round++) {
            Path file = data.resolve("secret" + round);
            CyclicBarrier begin = new CyclicBarrier(2);
            CompletableFuture<byte[]> other = CompletableFuture.supplyAsync(() -> create(file, begin));
            assertArrayEquals(create(file, begin), other.get());
        }

        assertEquals(200, data.toFile().list().length, "no other file is left");
    }

    private static byte[] create(Path file, CyclicBarrier begin) {
        try {
            begin.await();
            return SecretFile.readOrCreate(file);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
    void aSecretThatOthersCanReadIsRefused() throws Exception {
        Path file = data.resolve("secret.key");
        SecretFile.readOrCreate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        IOException refused = assertThrows(IOException.class, () -> SecretFile.readOrCreate(file));

        assertTrue(refused.getMessage().startsWith("Other users of this computer can read "), refused.getMessage());
    }

    @Test
    void aSecretOfAnotherLengthIsRefused() throws Exception {
        Path file = data.resolve("secret.key");
        SecretFile.readOrCreate(file);
        Files.write(file, new byte[31]);

        IOException refused = assertThrows(IOException.class, () -> SecretFile.readOrCreate(file));

        assertTrue(refused.getMessage().contains("32 bytes, but holds 31"), refused.getMessage());
    }
}
