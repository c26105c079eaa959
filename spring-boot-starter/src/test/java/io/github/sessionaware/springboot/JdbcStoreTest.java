package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.KEY;
import static io.github.sessionaware.springboot.TestApplication.onDatabase;
import static io.github.sessionaware.springboot.TestApplication.refusal;
import static io.github.sessionaware.springboot.TestApplication.unconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Which data source the sessions are in, and how the store uses it. */
class JdbcStoreTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    @Test
    void sessionsAreInTheOneDatabaseOfTheApplication() {
        onDatabase().run(context -> {
            context.getBean(SessionAwareTokenService.class).issue("user-42", CLIENT);

            assertInstanceOf(JdbcSessionStore.class, context.getBean(SessionStore.class));
            assertEquals(1, count(context.getBean(DataSource.class), "jwt_sessions"));
        });
    }

    @Test
    void theTableHasTheNameOfTheProperty() {
        onDatabase()
                .withPropertyValues("session-aware-jwt.store.table-name=logins")
                .run(context -> {
                    context.getBean(SessionAwareTokenService.class).issue("user-42", CLIENT);

                    assertEquals(1, count(context.getBean(DataSource.class), "logins"));
                });
    }

    @Test
    void aSettingThatTheStoreRefusesIsNamed() {
        for (String setting : new String[] {"table-name=a;b", "timeout=1s", "batched-reads=0"}) {
            onDatabase()
                    .withPropertyValues("session-aware-jwt.store." + setting)
                    .run(context -> assertTrue(refusal(context.getStartupFailure())
                            .action()
                            .contains("session-aware-jwt.store.table-name, timeout and batched-reads")));
        }
    }

    @Test
    void theApplicationsOwnStoreReplacesThatOfTheDatabase() {
        InMemorySessionStore own = new InMemorySessionStore();
        onDatabase().withBean(SessionStore.class, () -> own).run(context -> {
            assertSame(own, context.getBean(SessionStore.class));
            assertEquals(0, context.getBeanNamesForType(SessionSchema.class).length);
            assertEquals(
                    0,
                    new JdbcTemplate(context.getBean(DataSource.class))
                            .queryForList("show tables")
                            .size());
        });
    }

    @Test
    void memoryIsUsedOnlyIfAskedFor() {
        onDatabase().withPropertyValues("session-aware-jwt.store.type=memory").run(context -> {
            assertInstanceOf(InMemorySessionStore.class, context.getBean(SessionStore.class));
            assertEquals(0, context.getBeanNamesForType(SessionDataSource.class).length);
        });
        unconfigured().withPropertyValues(ISSUER, KEY).run(context -> {
            InvalidConfigurationException refusal = refusal(context.getStartupFailure());
            assertEquals("The sessions need a DataSource, but there is none", refusal.description());
            assertTrue(refusal.action().contains("session-aware-jwt.store.type=memory"), refusal.action());
        });
    }

    @Test
    void severalDatabasesWithoutAChoiceAreRefused() {
        twoDatabases().run(context -> {
            InvalidConfigurationException refusal = refusal(context.getStartupFailure());
            assertTrue(refusal.description().contains("[orders, users]"), refusal.description());
            assertTrue(refusal.action().contains("session-aware-jwt.store.data-source=orders"), refusal.action());
        });
    }

    @Test
    void aPropertyChoosesAmongSeveralDatabases() {
        twoDatabases()
                .withPropertyValues("session-aware-jwt.store.data-source=users")
                .run(context -> {
                    context.getBean(SessionAwareTokenService.class).issue("user-42", CLIENT);
                    assertEquals(1, count(context.getBean("users", DataSource.class), "jwt_sessions"));
                });
        twoDatabases()
                .withPropertyValues("session-aware-jwt.store.data-source=invoices")
                .run(context ->
                        assertTrue(refusal(context.getStartupFailure()).action().contains("[orders, users]")));
    }

    @Test
    void thePrimaryDatabaseIsChosenAmongSeveral() {
        twoDatabases()
                .withInitializer(context -> ((GenericApplicationContext) context)
                        .getBeanDefinition("orders")
                        .setPrimary(true))
                .run(context -> {
                    context.getBean(SessionAwareTokenService.class).issue("user-42", CLIENT);
                    assertEquals(1, count(context.getBean("orders", DataSource.class), "jwt_sessions"));
                });
    }

    @Test
    void theStoreUsesTheDatabaseBehindATransactionAwareProxy() {
        DataSource pool = h2();
        unconfigured()
                .withPropertyValues(ISSUER, KEY)
                .withBean(DataSource.class, () -> new TransactionAwareDataSourceProxy(pool))
                .run(context -> assertSame(
                        pool, context.getBean(SessionDataSource.class).dataSource()));
    }

    @Test
    void readsAreSharedOnlyOnAPoolThatCannotRoute() {
        try (HikariDataSource pool = new HikariDataSource();
                HikariDataSource subclass = new HikariDataSource() {}) {
            assertTrue(new SessionDataSource(pool).isPlainPool());
            assertFalse(new SessionDataSource(subclass).isPlainPool(), "a subclass may route");
            assertFalse(new SessionDataSource(new DelegatingDataSource(pool)).isPlainPool(), "a wrapper may route");
            AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {
                @Override
                protected Object determineCurrentLookupKey() {
                    return Thread.currentThread().getName();
                }
            };
            routing.setTargetDataSources(Map.of("main", pool));
            assertFalse(new SessionDataSource(routing).isPlainPool(), "it routes");
        }
    }

    @Test
    void anApplicationStartsWhileItsDatabaseIsDown() {
        unconfigured()
                .withPropertyValues(ISSUER, KEY, "session-aware-jwt.store.initialize-schema=never")
                .withBean(DataSource.class, () -> new AbstractDataSource() {
                    @Override
                    public Connection getConnection() throws SQLException {
                        throw new SQLException("down", "08001");
                    }

                    @Override
                    public Connection getConnection(String user, String password) throws SQLException {
                        return getConnection();
                    }
                })
                .run(context -> assertNull(context.getStartupFailure()));
    }

    private static ApplicationContextRunner twoDatabases() {
        return unconfigured()
                .withPropertyValues(ISSUER, KEY)
                .withBean("orders", DataSource.class, JdbcStoreTest::h2)
                .withBean("users", DataSource.class, JdbcStoreTest::h2);
    }

    private static DataSource h2() {
        return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    private static int count(DataSource dataSource, String table) {
        return new JdbcTemplate(dataSource).queryForObject("select count(*) from " + table, Integer.class);
    }
}
