package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.jdbc.PostgresServer.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The line and the server itself: killed, stopped, restarted, full and read-only. */
class PostgresFaultsTest extends StoreFaults {
    private static final int MAX_CONNECTIONS = 20;
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private static PostgresServer server = PostgresServer.start(
            PostgresServer.newFolder(), 0, Map.of("max_connections", Integer.toString(MAX_CONNECTIONS)));

    private final PostgresDatabase direct = newDatabase();

    @Override
    PostgresDatabase newDatabase() {
        return server.newDatabase();
    }

    @Override
    String beginOfATransaction() {
        return "BEGIN";
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void whileTheServerIsKilledEveryCallFailsAndAfterwardsAllIsAsBefore() {
        try (Node application = Node.on(direct.driver())) {
            server.kill();
            try {
                application.assertEveryCallFailsInTime();
            } finally {
                CompletableFuture<PostgresServer> starting = CompletableFuture.supplyAsync(server::startAgain);
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
        try (Node application = Node.on(direct.driver())) {
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
        try (Node application = Node.on(direct.driver())) {
            server.close();
            try {
                application.assertEveryCallFailsInTime();
            } finally {
                server = server.startAgain();
            }
            application.assertAllIsAsBefore();
        }
    }

    @Test
    void whileTheServerTakesNoMoreConnectionsEveryCallFailsAndAfterwardsAllIsAsBefore() throws Exception {
        List<Connection> others = new ArrayList<>();
        node.forgetConnections();
        try (Node application = Node.on(direct.driver())) {
            application.forgetConnections();
            while (others.size() < MAX_CONNECTIONS) {
                takeOne(others);
            }

            application.assertEveryCallFailsInTime();

            for (Connection connection : others) {
                connection.close();
            }
            application.assertAllIsAsBefore();
        }
    }

    @Test
    void aReadOnlyDatabaseAnswersEveryReadFailsEveryWriteAndAfterwardsAllIsAsBefore() {
        try (Node application = Node.on(direct.driver())) {
            application.letActivityIntervalPass();
            setReadOnly("on", application);

            assertEquals(application.phone().session(), application.validatePhone(), "a touch that fails");
            assertEquals(2, application.listedIds().size());
            application.everyWrite().forEach(application::assertFailsInTime);

            setReadOnly("off", application);
            application.assertAllIsAsBefore();
        }
    }

    /** Servers are made to change over like this; the setting holds for connections that begin afterwards. */
    private void setReadOnly(String onOrOff, Node application) {
        new PostgresDatabase(server.port(), "postgres")
                .execute("alter database " + direct.name() + " set default_transaction_read_only = " + onOrOff);
        application.forgetConnections();
    }

    /** The one that the node has given up may not have ended yet, so the last ones need several tries. */
    private void takeOne(List<Connection> taken) throws SQLException {
        try {
            taken.add(direct.driver().getConnection());
        } catch (SQLException e) {
            if (!TOO_MANY_CONNECTIONS.equals(e.getSQLState())) {
                throw e;
            }
        }
    }
}
