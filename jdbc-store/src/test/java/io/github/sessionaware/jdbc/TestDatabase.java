package io.github.sessionaware.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** A database of its own for a test class: empty, and gone with the server. */
interface TestDatabase {

    /** The driver's own: a new connection each time, with auto-commit. */
    DataSource driver();

    /** What sets the zone of a database session, or an empty string where it knows none. */
    String setZone(ZoneId zone);

    /** What sets the isolation level of a database session. */
    default String setIsolation(String level) {
        return "set session characteristics as transaction isolation level " + level;
    }

    /** Deadlocks and rollbacks that the database has counted since it started; empty where it counts none. */
    Map<String, Long> contention();

    /** How the database would run a statement, with the names of the indexes in it. */
    String plan(String statement);

    /** Fills the table with so many sessions of different users, one of ten of them expired. */
    void fill(int sessions);

    /** A pool; to be closed. */
    default HikariDataSource pool(int size, boolean autoCommit, String initSql) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setAutoCommit(autoCommit);
        config.setConnectionTimeout(10_000);
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
