package io.github.sessionaware.jdbc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What an application sees while the server itself is killed, stands still or is restarted. See docs/outages.md. */
@Tag("thorough")
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class ServerFaults {
    private DatabaseServer server;

    /** @param server for these tests alone, which stop it */
    ServerFaults(DatabaseServer server) {
        this.server = server;
    }

    ServerDatabase newDatabase() {
        return server.newDatabase();
    }

    @AfterAll
    void stopServer() {
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
    void anOrderlyRestartNeedsNoRestartOfTheApplication() {
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
