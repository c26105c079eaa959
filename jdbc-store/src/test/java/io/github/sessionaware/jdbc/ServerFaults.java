package io.github.sessionaware.jdbc;

import java.util.concurrent.CompletableFuture;
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
        try (Node application = Node.on(newDatabase().driver())) {
            server.kill();
            try {
                application.assertEveryCallFailsInTime();
            } finally {
                CompletableFuture<DatabaseServer> starting = CompletableFuture.supplyAsync(server::startAgain);
                try {
                    application.awaitAnAnswer();
                } finally {
                    server = starting.join();
                }
            }
            application.assertAllIsAsBefore();
        }
    }

    @Test
    void whileTheServerStandsStillEveryCallFailsAndAfterwardsAllIsAsBefore() {
        try (Node application = Node.on(newDatabase().driver())) {
            server.pause();
            try {
                application.assertEveryCallFailsInTime();
            } finally {
                server.resume();
            }
            application.assertAllIsAsBefore();
        }
    }

    @Test
    void anOrderlyRestartNeedsNoneOfTheApplication() {
        try (Node application = Node.on(newDatabase().driver())) {
            server.close();
            try {
                application.assertEveryCallFailsInTime();
            } finally {
                server = server.startAgain();
            }
            application.assertAllIsAsBefore();
        }
    }
}
