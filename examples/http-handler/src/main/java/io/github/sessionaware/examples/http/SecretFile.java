package io.github.sessionaware.examples.http;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A secret of this installation in a file. The first start creates it, and only its owner can read it. */
final class SecretFile {
    private static final Logger log = LoggerFactory.getLogger(SecretFile.class);
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
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            create(file, secret);
        }
        return read(file);
    }

    /**
     * Writes the secret to the disk before the file gets its name. So another start, or a start after a crash, never
     * reads a part of it. If several starts create the secret at once, all of them read the first one's.
     */
    private static void create(Path file, byte[] secret) throws IOException {
        Path written = Files.createTempFile(file.toAbsolutePath().getParent(), "new", null, OwnerOnly.newFile(file));
        try {
            Files.write(written, secret, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            publish(written, file);
        } catch (FileAlreadyExistsException e) {
            log.debug("Another start has created {}", file);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** A link never replaces a file. A move on a disk without hard links, such as FAT, checks that first. */
    private static void publish(Path written, Path file) throws IOException {
        try {
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            Files.move(written, file);
        }
    }

    static byte[] random() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    private static byte[] read(Path file) throws IOException {
        OwnerOnly.requireOwn(file, OwnerOnly.thisUser());
        if (OwnerOnly.isReadableByOthers(file)) {
            throw new IOException("Other users of this computer can read " + file
                    + ". Delete it; all users then have to log in again");
        }
        return Files.readAllBytes(file);
    }
}
