package io.github.sessionaware.examples.http;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The options of the command line. */
record Options(int port, Path data, Optional<String> jdbcUrl, boolean memory) {
    static final String USAGE = """
            Usage: java -jar http-handler.jar [--port N] [--data DIR] [--jdbc-url URL | --memory]
              --port N        listen on 127.0.0.1:N; 0 takes any free port (default: 8080)
              --data DIR      keep the H2 database, the signing key and the secret in this folder
                              (default: examples/http-handler/data, below the current folder)
              --jdbc-url URL  keep the sessions in this database; the keys stay in DIR
              --memory        keep everything in memory: a restart ends all logins
            """;

    /** The message says which argument is wrong. The caller prints it with the usage. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    static Options parse(String... args) throws Refused {
        int port = 8080;
        Path data = null;
        String jdbcUrl = null;
        boolean memory = false;
        for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--port" -> port = port(value(option, rest));
                case "--data" -> data = path(value(option, rest));
                case "--jdbc-url" -> jdbcUrl = value(option, rest);
                case "--memory" -> memory = true;
                default -> throw new Refused("Unknown option: " + option);
            }
        }
        if (memory && (jdbcUrl != null || data != null)) {
            throw new Refused("--memory excludes --jdbc-url and --data");
        }
        return new Options(port, orDefault(data), Optional.ofNullable(jdbcUrl), memory);
    }

    private static String value(String option, Iterator<String> rest) throws Refused {
        if (!rest.hasNext()) {
            throw new Refused(option + " needs a value");
        }
        return rest.next();
    }

    private static int port(String value) throws Refused {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // The code below refuses it, like a number out of range.
        }
        throw new Refused("--port must be a number from 0 to 65535");
    }

    private static Path path(String value) throws Refused {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new Refused("--data is not a path");
        }
    }

    private static Path orDefault(@Nullable Path data) {
        return data == null ? Path.of("examples", "http-handler", "data") : data;
    }
}
