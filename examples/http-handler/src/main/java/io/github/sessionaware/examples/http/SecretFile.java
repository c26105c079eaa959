package io.github.sessionaware.examples.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Set;

/** A secret of this installation in a file. The first start creates it, and only its owner can read it. */
final class SecretFile {
    private static final int BYTES = 32;

    private SecretFile() {}

    /** Returns a secret of 32 bytes. */
    static byte[] readOrCreate(Path file) throws IOException {
        byte[] secret = readOrCreate(file, random());
        if (secret.length != BYTES) {
            throw new IOException(file + " must hold " + BYTES + " bytes, but holds " + secret.length
                    + ". Delete it; all users then have to log in again");
        }
        return secret;
    }

    /** Returns what the file holds. If there is no file, this creates it with the given secret. */
    static byte[] readOrCreate(Path file, byte[] secret) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnerOnly.newFile(file))) {
            channel.write(ByteBuffer.wrap(secret));
            return secret;
        } catch (FileAlreadyExistsException e) {
            return read(file);
        }
    }

    static byte[] random() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    private static byte[] read(Path file) throws IOException {
        if (OwnerOnly.isReadableByOthers(file)) {
            throw new IOException("Other users of this computer can read " + file
                    + ". Delete it; all users then have to log in again");
        }
        return Files.readAllBytes(file);
    }
}
