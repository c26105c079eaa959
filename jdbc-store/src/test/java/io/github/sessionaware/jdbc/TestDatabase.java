package io.github.sessionaware.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.jdbc.IndexUse.Plans;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** A database of its own for a test class, empty at first. It ends with its server. */
interface TestDatabase {

    DatabaseFamily family();

    /** The driver's own data source: it opens a connection for each call, with auto-commit. */
    DataSource driver();

    /** The statement that sets the time zone of a database session. */
    String setZone(ZoneId zone);

    /** The statement that sets the isolation level of a database session. */
    default String setIsolation(String level) {
        return "set session characteristics as transaction isolation level " + level;
    }

    /** The statements that limit how long a database session waits for a lock, where the store's timeout does not. */
    default List<String> lockTimeout(Duration timeout) {
        return List.of();
    }

    /** Deadlocks and rollbacks since the database started. Empty if the database counts none. */
    Map<String, Long> contention();

    /** How the database would run a statement, with the names of the indexes in it. */
    String plan(String statement);

    /** How plans show which index they use. */
    Plans plans();

    /** The first words of the statements that a touch sends. */
    default List<String> statementsOfATouch() {
        return List.of("select", "update", "commit");
    }

    /** Gives the column of user ids a collation that ignores case, as a conversion of the table may do. */
    void foldUserIds();

    /** Fills the table with this number of sessions of different users. One in ten has expired. */
    void fill(int sessions);

    /** A pool, for the caller to close. */
    default HikariDataSource pool(int size, boolean autoCommit, String initSql) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setAutoCommit(autoCommit);
        config.setConnectionTimeout(60_000);
        config.setConnectionInitSql(initSql.isEmpty() ? null : initSql);
        return new HikariDataSource(config);
    }

    default HikariDataSource pool(int size) {
        return pool(size, true, "");
    }

    default void execute(String... statements) {
        Jdbi.create(driver()).useHandle(handle -> List.of(statements).forEach(handle::execute));
    }

    default List<Map<String, Object>> rows(String table) {
        return Jdbi.create(driver())
                .withHandle(handle ->
                        handle.createQuery("select * from " + table).mapToMap().list());
    }

    default int count(String table) {
        return Jdbi.create(driver())
                .withHandle(handle -> handle.createQuery("select count(*) from " + table)
                        .mapTo(Integer.class)
                        .one());
    }
}
