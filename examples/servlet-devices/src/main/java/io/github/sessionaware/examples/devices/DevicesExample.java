package io.github.sessionaware.examples.devices;

import io.github.sessionaware.examples.devices.DevicesServer.Secrets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The command line: starts the server and prints its address. */
public final class DevicesExample {
    private DevicesExample() {}

    /**
     * Starts the server, which runs until the process ends.
     *
     * @param args the port, or nothing for 8080; then a folder for the database and the secrets, or nothing for
     *     {@code examples/servlet-devices/data}
     * @throws Exception if it cannot start
     */
    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
        Path folder = args.length > 1 ? Path.of(args[1]) : Path.of("examples", "servlet-devices", "data");
        Files.createDirectories(folder);
        DevicesServer server = DevicesServer.start(
                port,
                "jdbc:h2:file:" + folder.toAbsolutePath().resolve("sessions"),
                secrets(folder.resolve("secrets")),
                UnaryOperator.identity());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("Open http://localhost:" + server.port());
    }

    /** Made at the first start, readable by its owner alone. */
    private static Secrets secrets(Path file) throws IOException {
        boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        byte[] random = new byte[Secrets.BYTES];
        new SecureRandom().nextBytes(random);
        try (SeekableByteChannel channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            channel.write(ByteBuffer.wrap(random));
            return new Secrets(random);
        } catch (FileAlreadyExistsException e) {
            return new Secrets(Files.readAllBytes(file));
        }
    }
}
