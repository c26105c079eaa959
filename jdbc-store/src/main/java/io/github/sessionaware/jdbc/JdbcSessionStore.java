package io.github.sessionaware.jdbc;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * Keeps sessions in one table of a relational database, so that they outlive restarts and are shared by all nodes.
 * Runs on H2 in this release.
 *
 * <pre>{@code
 * JdbcSessionStore store = new JdbcSessionStore(dataSource);
 * store.createTableIfMissing(); // or run the DDL of the jar with Flyway or Liquibase
 * }</pre>
 *
 * <p>Every call borrows a connection, and what it did is committed when it returns, whether the connections have
 * auto-commit on or off. So do not give it a {@code DataSource} that hands out the connection of the caller's own
 * transaction: that would be committed as well. How long a call can take is the pool's and the driver's to bound: set
 * their connection and socket timeouts.
 *
 * <p>The DDL lies beside this class as {@code h2.sql}, for the table {@code jwt_sessions}. Constructing the store asks
 * nothing of the database. A failure of driver or pool becomes {@link SessionStoreException} with the
 * {@link SQLException} as its cause, without bound values. Immutable and thread-safe.
 */
public final class JdbcSessionStore implements SessionStore {
    static final String DEFAULT_TABLE = "jwt_sessions";

    private static final int MAX_ATTEMPTS = 10;
    private static final SqlParser NAMED_PARAMETERS = new ColonPrefixSqlParser();

    private final Jdbi jdbi;
    private final SessionStatements sql;
    private final String findSql;
    private final StoreFailure failure;

    /**
     * A store on the table {@code jwt_sessions}.
     *
     * @param dataSource where connections come from, best a pool
     */
    public JdbcSessionStore(DataSource dataSource) {
        this(Jdbi.create(requireNonNull(dataSource, "dataSource")));
    }

    /**
     * A store on the table {@code jwt_sessions}, for applications that have a Jdbi already.
     *
     * @param jdbi where handles come from; its configuration is not changed
     */
    public JdbcSessionStore(Jdbi jdbi) {
        this(jdbi, DEFAULT_TABLE);
    }

    private JdbcSessionStore(Jdbi jdbi, String tableName) {
        this.jdbi = requireNonNull(jdbi, "jdbi");
        this.sql = new SessionStatements(requireNonNull(tableName, "tableName"));
        this.findSql = sql.find();
        this.failure = new StoreFailure(tableName);
    }

    /**
     * The same database, another table.
     *
     * @param tableName letters, digits and underscores, with a schema before a dot if need be; never quoted, so the
     *     database folds its case as it does for other names
     * @return a new store
     * @throws IllegalArgumentException if the name has another form
     */
    public JdbcSessionStore withTableName(String tableName) {
        return new JdbcSessionStore(jdbi, tableName);
    }

    /**
     * Creates the table and its indexes where they are missing, and checks that the table has the columns this store
     * needs. For tests and small applications; larger ones copy the DDL into their migrations.
     *
     * @throws SessionStoreException if the database cannot answer, is of a kind without DDL, or has a table of that
     *     name with other columns
     */
    public void createTableIfMissing() {
        run(handle -> {
            String ddl = DatabaseFamily.of(handle.getConnection()).ddl(sql.table());
            handle.createScript(ddl).execute();
            return find(handle, "");
        });
    }

    @Override
    public void create(Session session) {
        run(handle ->
                SessionRow.bind(handle.createUpdate(sql.insert()), session).execute());
    }

    @Override
    public Optional<Session> find(String sessionId) {
        return run(handle -> find(handle, sessionId));
    }

    @Override
    public List<Session> list(String userId) {
        return run(handle -> sessions(handle.createQuery(sql.list()).bind("userId", userId)));
    }

    @Override
    public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
        if (!lastActiveAt.isAfter(seen.lastActiveAt())) {
            return false;
        }
        return run(handle -> handle.createUpdate(sql.touch())
                        .bind("sessionId", seen.id())
                        .bind("seenLastActiveAt", seen.lastActiveAt().toEpochMilli())
                        .bind("lastActiveAt", lastActiveAt.toEpochMilli())
                        .bind("expiresAt", expiresAt.toEpochMilli())
                        .execute())
                == 1;
    }

    @Override
    public Optional<Session> delete(String userId, String sessionId) {
        return inTransaction(handle -> {
                    List<Session> locked = sessions(handle.createQuery(sql.lockOne())
                            .bind("userId", userId)
                            .bind("sessionId", sessionId));
                    return delete(handle, locked);
                })
                .stream()
                .findFirst();
    }

    @Override
    public List<Session> deleteOthers(String userId, String keptSessionId) {
        return deleteEvery(userId, session -> !session.id().equals(keptSessionId));
    }

    @Override
    public List<Session> deleteAll(String userId) {
        return deleteEvery(userId, session -> true);
    }

    @Override
    public int purge(Instant expiredAtOrBefore) {
        return run(handle -> handle.createUpdate(sql.purge())
                .bind("expiredAtOrBefore", expiredAtOrBefore.toEpochMilli())
                .execute());
    }

    /** The hot path: one per request, hence JDBC without Jdbi's statement machinery. */
    private Optional<Session> find(Handle handle, String sessionId) throws SQLException {
        try (PreparedStatement statement = handle.getConnection().prepareStatement(findSql)) {
            statement.setString(1, sessionId);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(SessionRow.read(rows)) : Optional.empty();
            }
        }
    }

    /**
     * The rows are locked before they are deleted, so that what is returned is what was removed: whoever comes second
     * waits for the lock and then finds nothing.
     */
    private List<Session> deleteEvery(String userId, Predicate<Session> which) {
        return inTransaction(handle -> {
            List<Session> locked = sessions(handle.createQuery(sql.lockAll()).bind("userId", userId));
            return delete(handle, locked.stream().filter(which).toList());
        });
    }

    private List<Session> delete(Handle handle, List<Session> locked) {
        List<Session> removed = new ArrayList<>();
        for (Session session : locked) {
            if (handle.createUpdate(sql.delete())
                            .bind("sessionId", session.id())
                            .execute()
                    == 1) {
                removed.add(session);
            }
        }
        return removed;
    }

    private static List<Session> sessions(Query query) {
        return query.map((row, context) -> SessionRow.read(row)).list();
    }

    private <T> T inTransaction(HandleCallback<T, SQLException> work) {
        return run(handle -> {
            handle.begin();
            return work.withHandle(handle);
        });
    }

    /**
     * A purge and a delete may lock the same rows in opposite order. The database then rolls one of them back, which is
     * asked again: nothing of it has happened.
     */
    private <T> T run(HandleCallback<T, SQLException> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return runOnce(work);
            } catch (SQLException | RuntimeException e) {
                if (attempt == MAX_ATTEMPTS || !StoreFailure.isRolledBack(e)) {
                    throw failure.of(e);
                }
            }
        }
    }

    /**
     * Commits whatever is open: the work's own transaction, or the one that a connection without auto-commit is in. The
     * handle is a fresh one; {@code withHandle} would join, and then commit, what the caller may have under way on the
     * same Jdbi.
     */
    private <T> T runOnce(HandleCallback<T, SQLException> work) throws SQLException {
        try (Handle handle = jdbi.open()) {
            configure(handle);
            try {
                T result = work.withHandle(handle);
                if (handle.isInTransaction()) {
                    handle.commit();
                }
                return result;
            } catch (Throwable e) {
                rollback(handle, e);
                throw e;
            }
        }
    }

    /** Whatever the application has set on its Jdbi, these statements are parsed alike and no message shows values. */
    private static void configure(Handle handle) {
        handle.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        handle.getConfig(SqlStatements.class).setSqlParser(NAMED_PARAMETERS).setTemplateEngine(TemplateEngine.NOP);
    }

    private static void rollback(Handle handle, Throwable failure) {
        try {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
