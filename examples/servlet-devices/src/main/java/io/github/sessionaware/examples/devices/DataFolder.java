package io.github.sessionaware.examples.devices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The folder with the database and the secrets. Only its owner can read them, where the file system has POSIX
 * permissions ({@link OwnerOnly}).
 *
 * <p>One process claims the folder at a time: H2 opens a database file for one process only, and a second start should
 * say where the first one listens. The operating system releases the claim of a process that was killed.
 */
final class DataFolder implements AutoCloseable {
    /** This byte lies behind the text of the file, because Windows lets no other process read a locked byte. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int MAX_TEXT = 200;

    private final Path folder;
    private final FileChannel claim;

    private DataFolder(Path folder, FileChannel claim) {
        this.folder = folder;
        this.claim = claim;
    }

    /** Claims the folder and creates it if it is missing. An existing folder keeps its permissions. */
    static DataFolder open(Path folder) throws IOException {
        OwnerOnly.createFolder(folder);
        Path file = folder.resolve("running");
        OwnerOnly.createFile(file);
        FileChannel claim =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            if (claim.tryLock(LOCKED_BYTE, 1, false) == null) {
                throw new AlreadyRunning("The example is already running, with its data in " + folder.toAbsolutePath()
                        + ": " + text(claim));
            }
            DataFolder claimed = new DataFolder(folder, claim);
            claimed.publish("it is starting");
            return claimed;
        } catch (IOException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    /** Records the URL of this process, so that a second start can show it. */
    void listeningOn(String url) throws IOException {
        publish(url);
    }

    private void publish(String state) throws IOException {
        claim.truncate(0);
        String text = state + " (process " + ProcessHandle.current().pid() + ")";
        claim.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** Returns only printable ASCII, because a terminal would obey control characters in a file. */
    static String text(FileChannel claim) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_TEXT);
        claim.read(bytes, 0);
        return StandardCharsets.US_ASCII.decode(bytes.flip()).toString().replaceAll("[^ -~]", "?");
    }

    /** The JDBC URL of the database. */
    String database() throws IOException {
        Path database = folder.toAbsolutePath().resolve("sessions");
        // H2 creates the file readable for everyone, but keeps the permissions of an existing one.
        OwnerOnly.createFile(Path.of(database + ".mv.db"));
        // By default H2 writes a sign-out to the file half a second after it confirms it, so a crash could undo it.
        // H2 would also write its errors to a trace file that everyone can read.
        return "jdbc:h2:file:" + database + ";WRITE_DELAY=0;TRACE_LEVEL_FILE=0";
    }

    /** Returns the key and the certificate for HTTPS; empty if there is no such file. */
    Optional<Path> certificate() {
        Path file = folder.resolve("https.p12");
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** Returns the random bytes in the file {@code secrets}. The first start creates it. */
    byte[] secrets(int length) throws IOException {
        Path file = folder.resolve("secrets");
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] random = new byte[length];
            new SecureRandom().nextBytes(random);
            // The bytes are on the disk before the file gets its name, so that a crash never leaves a part of them. The
            // claim keeps another start from creating the file at the same time.
            Path written = Files.createTempFile(folder, "new", null, OwnerOnly.newFile(file));
            Files.write(written, random, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        }
        OwnerOnly.requireOwn(file, OwnerOnly.thisUser());
        return Files.readAllBytes(file);
    }

    /** Keeps the file: another process may have opened it, and would lock a file that no third process can find. */
    @Override
    public void close() {
        try {
            claim.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another process has claimed the folder. The message says where that process listens. */
    static final class AlreadyRunning extends IOException {
        private static final long serialVersionUID = 1L;

        AlreadyRunning(String message) {
            super(message);
        }
    }
}
