package io.github.sessionaware.examples.http;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files and folders that only their owner can read. File systems without POSIX permissions keep their own rules. */
final class OwnerOnly {
    private static final Logger log = LoggerFactory.getLogger(OwnerOnly.class);
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /** Creates a folder and the missing folders above it. An existing folder keeps its permissions. */
    static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes(folder, FOLDER));
        }
    }

    /**
     * Creates an empty file, or withdraws the rights of other users from an existing one. A program that opens the file
     * afterwards keeps these permissions.
     */
    static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, newFile(file));
        } catch (FileAlreadyExistsException e) {
            if (isReadableByOthers(file)) {
                restrict(file);
            }
        }
    }

    /**
     * Permissions to pass at the creation of a file. Set later, they would leave a moment at which others can open it.
     */
    static FileAttribute<?>[] newFile(Path file) {
        return attributes(file, FILE);
    }

    static boolean isReadableByOthers(Path file) throws IOException {
        return isPosix(file) && !FILE.containsAll(Files.getPosixFilePermissions(file));
    }

    private static void restrict(Path file) {
        try {
            Files.setPosixFilePermissions(file, FILE);
        } catch (IOException e) {
            // A FAT disk refuses every change of permissions, and the example should still start there.
            log.warn("Other users of this computer can read {}, and its permissions cannot be changed", file, e);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
