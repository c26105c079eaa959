package io.github.sessionaware.jdbc;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The line and the server itself: killed, stopped and restarted. */
abstract class ServerFaults extends StoreFaults {
    /** Of the class that is being run, which starts it; another one after each restart. */
    static DatabaseServer server;

    @Override
    ServerDatabase newDatabase() {
        return server.newDatabase();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void whileTheServerIsKilledEveryCallFailsAndAfterwardsAllIsAsBefore() {
        assertFailsWhile(server::kill, application -> {
            CompletableFuture<DatabaseServer> starting = CompletableFuture.supplyAsync(server::startAgain);
            try {
                application.awaitAnAnswer();
            } finally {
                server = starting.join();
            }
        });
    }

    @Test
    void whileTheServerStandsStillEveryCallFailsAndAfterwardsAllIsAsBefore() {
        assertFailsWhile(server::pause, application -> server.resume());
    }

    @Test
    void anOrderlyRestartNeedsNoneOfTheApplication() {
        assertFailsWhile(server::close, application -> server = server.startAgain());
    }

    private void assertFailsWhile(Runnable begin, Consumer<Node> end) {
        try (Node application = Node.on(newDatabase().driver())) {
            begin.run();
            try {
                application.assertEveryCallFailsInTime();
            } finally {
                end.accept(application);
            }
            application.assertAllIsAsBefore();
        }
    }
}
