package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A login and a password change at the same time, each in one transaction with its sessions. Both lock the row of the
 * user, so that one of them waits for the other. The login has checked the password before, and locks the row only if
 * the version of the password is still the same.
 */
@Tag("thorough")
class PostgresLoginInFlightTest extends StoreFixture {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();
    private static final String USER = "alice";
    private static final int ROUNDS = 40;

    private final SessionAwareTokenService tokens =
            TestService.aServiceOn(store).build();

    PostgresLoginInFlightTest() {
        super(DATABASE);
    }

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
        database.execute(
                "drop table if exists accounts",
                "create table accounts (id varchar(255) primary key, password_version integer not null)",
                "insert into accounts values ('" + USER + "', 1)");
    }

    @Test
    void aChangeThatWaitsForALoginEndsItsSession() throws Exception {
        inReadCommitted(login -> {
            assertEquals(1, logInIfVersionIs(1, login));
            FutureTask<Integer> change = inBackground(() -> inReadCommitted(this::changePassword));
            awaitThatATransactionWaits();

            login.commit();

            assertEquals(1, change.get(60, TimeUnit.SECONDS), "how many sessions the change has ended");
            return null;
        });
        assertEquals(List.of(), sessions());
    }

    @Test
    void aLoginThatWaitsForAChangeIsRefused() throws Exception {
        inReadCommitted(change -> {
            assertEquals(0, changePasswordWithoutCommit(change));
            FutureTask<Integer> login =
                    inBackground(() -> inReadCommitted(connection -> logInIfVersionIs(1, connection)));
            awaitThatATransactionWaits();

            change.commit();

            assertEquals(0, login.get(60, TimeUnit.SECONDS), "how many sessions the login has stored");
            return null;
        });
        assertEquals(List.of(), sessions());
    }

    /** The reason why docs/databases.md asks for READ COMMITTED. */
    @Test
    void inRepeatableReadAWaitingChangeMissesTheSession() throws Exception {
        inReadCommitted(login -> {
            logInIfVersionIs(1, login);
            FutureTask<Integer> change =
                    inBackground(() -> in(Connection.TRANSACTION_REPEATABLE_READ, this::changePassword));
            awaitThatATransactionWaits();

            login.commit();

            assertEquals(0, change.get(60, TimeUnit.SECONDS));
            return null;
        });
        assertEquals(1, sessions().size());
    }

    @Test
    void noLoginWithTheFormerPasswordIsAliveOnceTheChangeHasReturned() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            int version = round;
            Callable<Integer> login = () -> inReadCommitted(connection -> {
                int stored = logInIfVersionIs(version, connection);
                connection.commit();
                return stored;
            });
            Callable<Integer> change = () -> inReadCommitted(this::changePassword);

            Together.call(List.of(login, change, login));

            assertEquals(List.of(), sessions(), "round " + round);
        }
    }

    /** Returns how many sessions were stored. */
    private int logInIfVersionIs(int checkedVersion, Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "select 1 from accounts where id = ? and password_version = ? for update")) {
            lock.setString(1, USER);
            lock.setInt(2, checkedVersion);
            if (!lock.executeQuery().next()) {
                return 0;
            }
        }
        tokens.withSessionStore(store.joining(connection)).issue(USER, ClientInfo.unknown());
        return 1;
    }

    private int changePassword(Connection connection) throws SQLException {
        int ended = changePasswordWithoutCommit(connection);
        connection.commit();
        return ended;
    }

    private int changePasswordWithoutCommit(Connection connection) throws SQLException {
        connection
                .createStatement()
                .executeUpdate("update accounts set password_version = password_version + 1 where id = '" + USER + "'");
        return tokens.withSessionStore(store.joining(connection)).revokeAllSessions(USER, EndCause.PASSWORD_CHANGED);
    }

    private List<Session> sessions() {
        return tokens.listSessions(USER);
    }

    private <T> T inReadCommitted(TransactionOf<T> work) throws Exception {
        return in(Connection.TRANSACTION_READ_COMMITTED, work);
    }

    private <T> T in(int isolation, TransactionOf<T> work) throws Exception {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(isolation);
            return work.on(connection);
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task, "other-transaction").start();
        return task;
    }

    private void awaitThatATransactionWaits() {
        Jdbi.create(database.driver()).useHandle(handle -> {
            while (handle.createQuery("select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid"
                                    + " where not l.granted and a.datname = current_database()")
                            .mapTo(Integer.class)
                            .one()
                    == 0) {
                Thread.onSpinWait();
            }
        });
    }

    private interface TransactionOf<T> {
        T on(Connection connection) throws Exception;
    }
}
