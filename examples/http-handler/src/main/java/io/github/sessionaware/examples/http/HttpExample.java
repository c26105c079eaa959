package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.util.function.Supplier;

/** The command line: starts the server, or says in a few lines why it cannot start. */
public final class HttpExample {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private HttpExample() {}

    /**
     * Starts the server, which runs until the process ends.
     *
     * @param args see {@link Options#USAGE}
     */
    public static void main(String[] args) {
        int code = run(System.out, System.err, args);
        if (code != OK) {
            System.exit(code);
        }
    }

    static int run(PrintStream out, PrintStream err, String... args) {
        try {
            Options options = Options.parse(args);
            ExampleServer server = start(
                    options,
                    () -> new Users(Users.ITERATIONS),
                    () -> ClientInfoReader.builder().build());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            out.println("Listening on " + server.url() + ", sessions in " + whereabouts(options));
            out.println("Stop it with Ctrl+C");
            return OK;
        } catch (Options.Refused e) {
            err.println(e.getMessage());
            err.print(Options.USAGE);
            return WRONG_USAGE;
        } catch (FolderClaim.AlreadyRunning e) {
            err.println(e.getMessage());
            err.println("Stop it with Ctrl+C in its terminal, or start a second one with --port N --data DIR");
            return FAILED;
        } catch (BindException e) {
            err.println("Cannot listen on the port: " + e.getMessage());
            err.println("If an example is already running there, stop it with Ctrl+C in its terminal."
                    + " Or choose another port with --port N");
            return FAILED;
        } catch (IOException | RuntimeException e) {
            Throwable cause = rootCause(e);
            String message = String.valueOf(cause.getMessage());
            err.println("Cannot start: " + cause.getClass().getSimpleName()
                    + (message.contains("jdbc:") ? "" : ": " + message));
            return FAILED;
        }
    }

    /** Claims the folder and the port first, so that a second start fails before the slow parts are made. */
    static ExampleServer start(Options options, Supplier<Users> users, Supplier<ClientInfoReader> clients)
            throws IOException {
        Storage storage = Storage.open(options);
        try {
            HttpServer http = ExampleServer.bind(options.port());
            ExampleServer server = ExampleServer.start(http, storage, users.get(), clients.get());
            storage.claim().listeningOn(server.url());
            return server;
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** Never shows a JDBC URL, because it may hold a password. */
    private static String whereabouts(Options options) {
        if (options.memory()) {
            return "memory";
        }
        return options.jdbcUrl().isPresent()
                ? "the given database"
                : options.data().toAbsolutePath().toString();
    }

    private static Throwable rootCause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
