package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The command line: starts the server, or says in one line why not. */
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
            ExampleServer server = start(options);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            out.println("Listening on http://" + server.address().getAddress().getHostAddress() + ":"
                    + server.address().getPort() + ", sessions in " + whereabouts(options));
            return OK;
        } catch (Options.Refused e) {
            err.println(e.getMessage());
            err.print(Options.USAGE);
            return WRONG_USAGE;
        } catch (BindException e) {
            err.println("Cannot listen: " + e.getMessage() + ". Choose another port with --port");
            return FAILED;
        } catch (IOException | RuntimeException e) {
            Throwable cause = rootCause(e);
            String message = String.valueOf(cause.getMessage());
            err.println("Cannot start: " + cause.getClass().getSimpleName()
                    + (message.contains("jdbc:") ? "" : ": " + message));
            return FAILED;
        }
    }

    /** Binds first: of two programs on one database and one port, the second should hear about the port. */
    static ExampleServer start(Options options) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 0);
        try {
            return ExampleServer.start(http, Storage.open(options));
        } catch (IOException | RuntimeException e) {
            http.stop(0);
            throw e;
        }
    }

    /** The URL itself may hold a password, so it is never shown. */
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
