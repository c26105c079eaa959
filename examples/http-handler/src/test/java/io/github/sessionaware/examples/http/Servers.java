package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Servers on a free port. They share the user agent patterns, and their password hashes take no time. */
final class Servers {
    private static final ClientInfoReader CLIENTS = ClientInfoReader.builder().build();

    private Servers() {}

    static ExampleServer inMemory() throws Exception {
        return on(new InMemorySessionStore());
    }

    static ExampleServer on(SessionStore sessions) throws Exception {
        return ExampleServer.start(bind(), Storage.inMemory(sessions), new Users(1), CLIENTS);
    }

    static ExampleServer onFiles(Path data) throws Exception {
        return with("--data", data.toString());
    }

    /** Starts a server as the command line does. */
    static ExampleServer with(String... options) throws Exception {
        String[] args =
                Stream.concat(Stream.of("--port", "0"), Stream.of(options)).toArray(String[]::new);
        return HttpExample.start(Options.parse(args), () -> new Users(1), () -> CLIENTS);
    }

    static HttpServer bind() throws Exception {
        return ExampleServer.bind(0);
    }
}
