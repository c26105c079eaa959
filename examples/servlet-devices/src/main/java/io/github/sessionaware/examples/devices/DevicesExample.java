package io.github.sessionaware.examples.devices;

import io.github.sessionaware.clientinfo.AddressPrivacy;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.clientinfo.LocationDatabase;
import io.github.sessionaware.clientinfo.LocationPrecision;
import io.github.sessionaware.examples.devices.DevicesServer.Secrets;
import io.github.sessionaware.examples.devices.DevicesServer.Settings;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The command line: starts the server and prints its address. */
public final class DevicesExample {
    private static final Duration MAX_AGE = Duration.ofDays(365);

    private DevicesExample() {}

    /**
     * Starts the server, which runs until the process ends.
     *
     * @param args the port, or nothing for 8080; then a folder for the database and the secrets, or nothing for
     *     {@code examples/servlet-devices/data}; then MMDB files for places, or nothing for addresses alone
     */
    public static void main(String[] args) {
        try {
            start(args);
        } catch (Exception e) {
            System.err.println("Cannot start: " + e.getMessage());
            System.err.println("Usage: java -jar servlet-devices.jar [PORT [FOLDER [LOCATIONS.mmdb ...]]]");
            System.exit(1);
        }
    }

    private static void start(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
        Path folder = args.length > 1 ? Path.of(args[1]) : Path.of("examples", "servlet-devices", "data");
        List<Path> locations = Stream.of(args).skip(2).map(Path::of).toList();
        Files.createDirectories(folder);
        DevicesServer server = DevicesServer.start(new Settings(
                port,
                "jdbc:h2:file:" + folder.toAbsolutePath().resolve("sessions") + ";TRACE_LEVEL_FILE=0",
                secrets(folder.resolve("secrets")),
                clients(locations),
                InstantSource.system(),
                UnaryOperator.identity()));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("Open http://localhost:" + server.port());
    }

    /** Behind a proxy of your own, name it with {@code trustedProxies}: until then the socket's address counts. */
    private static ClientInfoReader clients(List<Path> locations) {
        ClientInfoReader.Builder reader = ClientInfoReader.builder().addressPrivacy(AddressPrivacy.shortened());
        if (!locations.isEmpty()) {
            reader.location(LocationDatabase.open(MAX_AGE, locations.toArray(Path[]::new)), LocationPrecision.CITY);
        }
        return reader.build();
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
