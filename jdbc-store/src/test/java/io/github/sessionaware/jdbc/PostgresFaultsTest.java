package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.jdbc.PostgresServer.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only PostgreSQL can be made to do here as well: be full, and be read-only. */
class PostgresFaultsTest extends ServerFaults {
    private static final int MAX_CONNECTIONS = 20;
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private final ServerDatabase direct = newDatabase();

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start(
                PostgresServer.newFolder(), 0, Map.of("max_connections", Integer.toString(MAX_CONNECTIONS)));
    }

    @Override
    String beginOfATransaction() {
        return "BEGIN";
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
