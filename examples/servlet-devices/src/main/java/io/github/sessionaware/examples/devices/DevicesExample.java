package io.github.sessionaware.examples.devices;

import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.clientinfo.AddressPrivacy;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.clientinfo.LocationDatabase;
import io.github.sessionaware.clientinfo.LocationPrecision;
import io.github.sessionaware.examples.devices.DevicesServer.Https;
import io.github.sessionaware.examples.devices.DevicesServer.Secrets;
import io.github.sessionaware.examples.devices.DevicesServer.Settings;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The command line: starts the server, or says in a few lines why it cannot start. */
public final class DevicesExample {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private static final String USAGE = "Usage: java -jar servlet-devices.jar [PORT [FOLDER [LOCATIONS.mmdb ...]]]";
    private static final Duration MAX_AGE = Duration.ofDays(365);

    private DevicesExample() {}

    /**
     * Starts the server, which runs until the process ends.
     *
     * @param args first the port, 8080 by default; then the folder for the database and the secrets,
     *     {@code examples/servlet-devices/data} by default; then MMDB files. Without such a file the pages show
     *     addresses without places. If the folder has a file {@code https.p12}, the server speaks HTTPS with it; the
     *     script {@code https} makes one
     */
    public static void main(String[] args) {
        int code = run(System.out, System.err, args);
        if (code != OK) {
            System.exit(code);
        }
    }

    static int run(PrintStream out, PrintStream err, String... args) {
        String port = args.length > 0 ? args[0] : "8080";
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            err.println("The first argument must be the port, a number from 0 to 65535");
            err.println(USAGE);
            return WRONG_USAGE;
        }
        Path folder = args.length > 1 ? Path.of(args[1]) : Path.of("examples", "servlet-devices", "data");
        List<Path> locations = Stream.of(args).skip(2).map(Path::of).toList();
        try {
            Started started = start(Integer.parseInt(port), folder, locations, () -> new Users(Users.ITERATIONS));
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            out.println("Listening on " + started.server().url() + ", sessions in " + folder.toAbsolutePath());
            out.println("Stop it with Ctrl+C");
            return OK;
        } catch (DataFolder.AlreadyRunning e) {
            err.println(e.getMessage());
            err.println("Stop it with Ctrl+C in its terminal, or start a second one with another port and folder");
        } catch (Exception e) {
            if (e.getCause() instanceof BindException) {
                err.println(
                        "Cannot listen on port " + port + ": " + e.getCause().getMessage());
                err.println("If an example is already running there, stop it with Ctrl+C in its terminal."
                        + " Or choose another port");
            } else {
                err.println("Cannot start: " + e.getMessage());
            }
        }
        err.println(USAGE);
        return FAILED;
    }

    /** Claims the folder first, so that a second start fails before the slow parts are made. */
    static Started start(int port, Path folder, List<Path> locations, Supplier<Users> users) throws Exception {
        DataFolder data = DataFolder.open(folder);
        try {
            DevicesServer server = DevicesServer.start(new Settings(
                    port,
                    data.database(),
                    new Secrets(data.secrets(Secrets.BYTES)),
                    clients(locations),
                    users.get(),
                    InstantSource.system(),
                    UnaryOperator.identity(),
                    data.certificate()
                            .map(file -> new Https(file, ExperimentalDeviceBinding.defaults()))
                            .orElse(null)));
            data.listeningOn(server.url());
            return new Started(data, server);
        } catch (Exception e) {
            data.close();
            throw e;
        }
    }

    /** Behind a proxy of your own, name it with {@code trustedProxies}. Without it, the socket's address counts. */
    private static ClientInfoReader clients(List<Path> locations) {
        ClientInfoReader.Builder reader = ClientInfoReader.builder().addressPrivacy(AddressPrivacy.shortened());
        if (!locations.isEmpty()) {
            reader.location(LocationDatabase.open(MAX_AGE, locations.toArray(Path[]::new)), LocationPrecision.CITY);
        }
        return reader.build();
    }

    record Started(DataFolder data, DevicesServer server) implements AutoCloseable {
        @Override
        public void close() {
            server.close();
            data.close();
        }
    }
}
