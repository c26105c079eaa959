package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.HttpServer;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Servers on a free port. */
final class Servers {
    private Servers() {}

    static ExampleServer inMemory() throws Exception {
        return on(new InMemorySessionStore());
    }

    static ExampleServer on(SessionStore sessions) throws Exception {
        return ExampleServer.start(bind(), new Storage(sessions, Keys.random(), () -> {}));
    }

    static ExampleServer onFiles(Path data) throws Exception {
        return HttpExample.start(Options.parse("--port", "0", "--data", data.toString()));
    }

    static HttpServer bind() throws Exception {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }
}
