package io.github.sessionaware.examples.http;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and folders that only this user can read. A file or folder that another user can change is refused: the
 * database can hold code that H2 runs, and the keys decide which user is logged in. File systems without POSIX permissions
 * keep their own rules.
 */
final class OwnerOnly {
    private static final Logger log = LoggerFactory.getLogger(OwnerOnly.class);
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS = PosixFilePermissions.fromString("----w--w-");

    private OwnerOnly() {}

    /** Creates a folder and the missing folders above it. An existing folder keeps its permissions. */
    static void createFolder(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder, attributes(folder, FOLDER));
        }
        requireOwn(folder, thisUser());
    }

    /**
     * Creates an empty file, or withdraws the rights of other users from an existing one. A program that opens the file
     * afterwards keeps these permissions.
     */
    static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, newFile(file));
        } catch (FileAlreadyExistsException e) {
            requireOwn(file, thisUser());
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

    /** Refuses a file or folder that another user can change, and a link, because it may lead to one. */
    static void requireOwn(Path path, UserPrincipal user) throws IOException {
        if (!isPosix(path)) {
            return;
        }
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean regular = found.isDirectory() || found.isRegularFile();
        if (!regular || !found.owner().equals(user) || !Collections.disjoint(found.permissions(), WRITABLE_BY_OTHERS)) {
            throw new IOException(path + " must be a file or folder that belongs to " + user.getName()
                    + " and that no other user can write. Found: " + (regular ? "" : "a link or special file, ")
                    + "owner " + found.owner().getName() + ", permissions "
                    + PosixFilePermissions.toString(found.permissions())
                    + ". Choose another folder. Or check the content, then delete it or correct it with chown and"
                    + " chmod go-w");
        }
    }

    /** Returns the user who owns the files that this process creates. */
    static UserPrincipal thisUser() throws IOException {
        Path created = Files.createTempFile("owner", null);
        try {
            return Files.getOwner(created);
        } finally {
            Files.delete(created);
        }
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
