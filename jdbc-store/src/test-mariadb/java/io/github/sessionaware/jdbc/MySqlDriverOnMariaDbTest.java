package io.github.sessionaware.jdbc;

import com.mysql.cj.jdbc.MysqlDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.jdbc.MariaDbServer.MariaDbDatabase;
import io.github.sessionaware.tck.SessionStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The driver of MySQL, which calls every server MySQL. A MySQL server is not available to this build. */
class MySqlDriverOnMariaDbTest extends SessionStoreContract {
    private static final MariaDbDatabase DATABASE = MariaDbServer.shared().newDatabase();

    private static HikariDataSource pool;

    @BeforeAll
    static void openPool() {
        MysqlDataSource driver = new MysqlDataSource();
        driver.setUrl("jdbc:mysql://127.0.0.1:" + DATABASE.port() + "/" + DATABASE.name());
        driver.setUser("root");
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver);
        pool = new HikariDataSource(config);
    }

    @AfterAll
    static void closePool() {
        pool.close();
    }

    @Override
    public SessionStore store() {
        JdbcSessionStore store = new JdbcSessionStore(pool);
        store.createTableIfMissing();
        return store;
    }
}
