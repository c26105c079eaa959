package io.github.sessionaware.examples.devices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder with the database and the secrets. Only its owner can read them, where the file system has POSIX
 * permissions.
 *
 * <p>One process claims the folder at a time: H2 opens a database file for one process only, and a second start should
 * say where the first one listens. The operating system releases the claim of a process that was killed.
 */
final class DataFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DataFolder.class);
    private static final Set<PosixFilePermission> OWNERS_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNERS_FOLDER = PosixFilePermissions.fromString("rwx------");

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
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, permissions(folder, OWNERS_FOLDER));
        }
        Path file = folder.resolve("running");
        FileChannel claim = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                permissions(file, OWNERS_FILE));
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

    private static String text(FileChannel claim) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_TEXT);
        claim.read(bytes, 0);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    /** The JDBC URL of the database. */
    String database() throws IOException {
        Path database = folder.toAbsolutePath().resolve("sessions");
        // H2 creates the file readable for everyone, but keeps the permissions of an existing one.
        createForOwner(Path.of(database + ".mv.db"));
        // By default H2 writes a sign-out to the file half a second after it confirms it, so a crash could undo it.
        // H2 would also write its errors to a trace file that everyone can read.
        return "jdbc:h2:file:" + database + ";WRITE_DELAY=0;TRACE_LEVEL_FILE=0";
    }

    private static void createForOwner(Path file) throws IOException {
        try {
            Files.createFile(file, permissions(file, OWNERS_FILE));
        } catch (FileAlreadyExistsException e) {
            if (isPosix(file) && !OWNERS_FILE.containsAll(Files.getPosixFilePermissions(file))) {
                restrict(file);
            }
        }
    }

    private static void restrict(Path file) {
        try {
            Files.setPosixFilePermissions(file, OWNERS_FILE);
        } catch (IOException e) {
            // A FAT disk refuses every change of permissions, and the example should still start there.
            log.warn("Other users of this computer can read {}, and its permissions cannot be changed", file, e);
        }
    }

    /** Returns the random bytes in the file {@code secrets}. The first start creates it. */
    byte[] secrets(int length) throws IOException {
        Path file = folder.resolve("secrets");
        byte[] random = new byte[length];
        new SecureRandom().nextBytes(random);
        // Passing the permissions at creation leaves no moment at which other users can open the file.
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                permissions(file, OWNERS_FILE))) {
            channel.write(ByteBuffer.wrap(random));
            return random;
        } catch (FileAlreadyExistsException e) {
            return Files.readAllBytes(file);
        }
    }

    private static FileAttribute<?>[] permissions(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
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
