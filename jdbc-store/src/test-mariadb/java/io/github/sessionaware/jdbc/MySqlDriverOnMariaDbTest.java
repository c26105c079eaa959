package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.jdbc.MysqlDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.jdbc.MariaDbServer.MariaDbDatabase;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The driver of MySQL, which calls every server MySQL. A MySQL server is not available to this build. */
@Tag("thorough")
class MySqlDriverOnMariaDbTest {

    @Nested
    class WithItsDefaults extends StoreContracts.ContractOnPool {
        @Override
        HikariDataSource openPool() {
            return poolWith("");
        }
    }

    /** With this setting an update counts only the rows that it changes. */
    @Test
    void renamingASessionTwiceToTheSameNameSucceedsTwiceIfOnlyChangedRowsCount() {
        try (HikariDataSource pool = poolWith("?useAffectedRows=true")) {
            JdbcSessionStore store = new JdbcSessionStore(pool);
            store.createTableIfMissing();
            SessionAwareTokenService service = aServiceOn(store).build();
            AuthenticatedSession current =
                    service.validate(service.issue(USER, ClientInfo.unknown()).accessToken());

            assertTrue(service.rename(current, current.sessionId(), "kitchen tablet"));
            assertTrue(service.rename(current, current.sessionId(), "kitchen tablet"));
            assertTrue(service.revoke(current));
        }
    }

    private static HikariDataSource poolWith(String settings) {
        MariaDbDatabase database = MariaDbServer.shared().newDatabase();
        MysqlDataSource driver = new MysqlDataSource();
        driver.setUrl("jdbc:mysql://127.0.0.1:" + database.port() + "/" + database.name() + settings);
        driver.setUser("root");
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver);
        return new HikariDataSource(config);
    }
}
