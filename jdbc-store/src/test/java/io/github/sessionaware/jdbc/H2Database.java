package io.github.sessionaware.jdbc;

import io.github.sessionaware.jdbc.IndexUse.Plans;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Jdbi;

/** H2, in memory or in a file, in one of its modes. */
record H2Database(String url) implements TestDatabase {

    /** It ends with the virtual machine. */
    static H2Database inMemory(String settings) {
        return new H2Database("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + settings);
    }

    static H2Database inMemory() {
        return inMemory("");
    }

    static H2Database inFile(Path folder) {
        return new H2Database("jdbc:h2:" + folder.resolve("sessions") + ";DB_CLOSE_DELAY=-1");
    }

    @Override
    public DatabaseFamily family() {
        return DatabaseFamily.H2;
    }

    @Override
    public DataSource driver() {
        JdbcDataSource driver = new JdbcDataSource();
        driver.setURL(url);
        return driver;
    }

    @Override
    public String setZone(ZoneId zone) {
        return "set time zone '" + zone.getId() + "'";
    }

    @Override
    public List<String> lockTimeout(Duration timeout) {
        return List.of("set lock_timeout " + timeout.toMillis());
    }

    @Override
    public Map<String, Long> contention() {
        return Map.of();
    }

    @Override
    public String plan(String statement) {
        return Jdbi.create(driver())
                .withHandle(handle -> handle.createQuery("explain " + statement)
                        .mapTo(String.class)
                        .one());
    }

    @Override
    public Plans plans() {
        String key = "PUBLIC\\.PRIMARY_KEY_\\w+: USER_ID = \\S+\\s+AND SESSION_ID = ";
        return new Plans(key, key, "PUBLIC\\.PRIMARY_KEY_\\w+: USER_ID = ", key, "PUBLIC\\.JWT_SESSIONS_EXPIRES_AT");
    }

    @Override
    public void foldUserIds() {
        execute("alter table jwt_sessions alter column user_id varchar_ignorecase(510)");
    }

    @Override
    public void fill(int sessions) {
        execute("""
                insert into jwt_sessions (user_id, session_id, version, generation, category,
                        created_at, authenticated_at, last_active_at, expires_at)
                select 'user-' || x, 'session-' || lpad(x, 16, '0'), 1, 1, 'device', x, x, x,
                        case when mod(x, 10) = 0 then x else 4000000000000 + x end
                from system_range(1, %d)
                """.formatted(sessions), "analyze");
    }
}
