package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.jdbc.PostgresServer.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PostgresFaultsTest {

    @Nested
    class OfTheLineOrTheTable extends StoreFaults {
        OfTheLineOrTheTable() {
            super(PostgresServer.shared(), "BEGIN");
        }

        @Test
        void aReadOnlyDatabaseAnswersEveryReadFailsEveryWriteAndAfterwardsAllIsAsBefore() {
            ServerDatabase database = newDatabase();
            try (Node application = Node.on(database.driver())) {
                application.letActivityIntervalPass();
                setReadOnly("on", database, application);

                assertEquals(application.phone().session(), application.validatePhone(), "a touch that fails");
                assertEquals(2, application.listedIds().size());
                application.everyWrite(application.impatient()).forEach(application::assertFailsInTime);

                setReadOnly("off", database, application);
                application.assertAllIsAsBefore();
            }
        }

        /** A failover sets a server read-only in this way. The setting holds for connections that begin afterwards. */
        private void setReadOnly(String onOrOff, ServerDatabase database, Node application) {
            new PostgresDatabase(database.port(), "postgres")
                    .execute("alter database " + database.name() + " set default_transaction_read_only = " + onOrOff);
            application.forgetConnections();
            application.awaitAnAnswer();
        }
    }

    @Nested
    class OfTheServer extends ServerFaults {
        private static final int MAX_CONNECTIONS = 20;
        private static final String TOO_MANY_CONNECTIONS = "53300";

        OfTheServer() {
            super(PostgresServer.start(
                    PostgresServer.newFolder(), 0, Map.of("max_connections", Integer.toString(MAX_CONNECTIONS))));
        }

        @Test
        void whileTheServerTakesNoMoreConnectionsEveryCallFailsAndAfterwardsAllIsAsBefore() throws Exception {
            ServerDatabase database = newDatabase();
            List<Connection> others = new ArrayList<>();
            try (Node application = Node.on(database.driver())) {
                application.forgetConnections();
                while (others.size() < MAX_CONNECTIONS) {
                    takeOne(database, others);
                }

                application.assertEveryCallFailsInTime();

                for (Connection connection : others) {
                    connection.close();
                }
                application.assertAllIsAsBefore();
            }
        }

        /** Tries again, because the connection that the node has given up may not have ended. */
        private static void takeOne(ServerDatabase database, List<Connection> taken) throws SQLException {
            try {
                taken.add(database.driver().getConnection());
            } catch (SQLException e) {
                if (!TOO_MANY_CONNECTIONS.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }
}
