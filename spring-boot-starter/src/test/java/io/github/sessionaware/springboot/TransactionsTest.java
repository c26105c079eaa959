package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.KEY;
import static io.github.sessionaware.springboot.TestApplication.OTHER_SECRET;
import static io.github.sessionaware.springboot.TestApplication.onDatabase;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a call does inside a transaction of Spring, and when listeners and events learn of it. */
class TransactionsTest {
    private static final String USER = "user-42";
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    private static final String COMMITS = "spring.datasource.hikari.auto-commit=true";
    private static final String DOES_NOT_COMMIT = "spring.datasource.hikari.auto-commit=false";

    /** One application for each kind of pool. Each story begins with new tables. */
    private static final Map<String, ConfigurableApplicationContext> APPLICATIONS = new HashMap<>();

    private static final List<String> events = new ArrayList<>();

    @AfterAll
    static void close() {
        APPLICATIONS.values().forEach(ConfigurableApplicationContext::close);
        APPLICATIONS.clear();
    }

    private interface Story {
        void tell(Application application) throws Exception;
    }

    /** An application with one account, whose password is "old", and one session of its user. */
    private record Application(
            ApplicationContext context,
            SessionAwareTokenService tokens,
            JdbcTemplate accounts,
            TransactionTemplate transaction) {

        DataSource dataSource() {
            return context.getBean(DataSource.class);
        }

        void changePassword() {
            accounts.update("update accounts set password = 'new'");
        }

        String password() {
            return accounts.queryForObject("select password from accounts", String.class);
        }

        int sessions() {
            return context.getBean(SessionStore.class).list(USER).size();
        }

        TransactionTemplate with(int propagation) {
            TransactionTemplate other = new TransactionTemplate(transaction.getTransactionManager());
            other.setPropagationBehavior(propagation);
            return other;
        }
    }

    private static void inAnApplication(Story story) {
        inAnApplication(story, COMMITS);
    }

    private static void inAnApplication(Story story, String pool) {
        ApplicationContext context = APPLICATIONS.computeIfAbsent(pool, TransactionsTest::start);
        Application application = new Application(
                context,
                context.getBean(SessionAwareTokenService.class),
                context.getBean(JdbcTemplate.class),
                new TransactionTemplate(context.getBean(PlatformTransactionManager.class)));
        application.accounts().execute("drop table if exists jwt_sessions");
        context.getBean(JdbcSessionStore.class).createTableIfMissing();
        application.transaction().executeWithoutResult(status -> {
            application.accounts().execute("drop table if exists accounts");
            application.accounts().execute("create table accounts (password varchar(9))");
            application.accounts().update("insert into accounts values ('old')");
        });
        application.tokens().issue(USER, CLIENT);
        events.clear();
        try {
            story.tell(application);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ConfigurableApplicationContext start(String pool) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        TestPropertyValues.of(ISSUER, KEY, "session-aware-jwt.refresh-tokens.secret=" + OTHER_SECRET, pool)
                .and("spring.datasource.generate-unique-name=true")
                .applyTo(context);
        context.addApplicationListener((ApplicationListener<PayloadApplicationEvent<?>>)
                event -> events.add(event.getPayload().getClass().getSimpleName()));
        context.register(TestApplication.database());
        context.register(SessionStoreAutoConfiguration.class, SessionAwareJwtAutoConfiguration.class);
        context.refresh();
        return context;
    }

    @Test
    void aPasswordAndTheEndOfTheSessionsAreOneCommit() {
        inAnApplication(application -> {
            application.transaction().executeWithoutResult(status -> {
                application.changePassword();
                assertEquals(1, application.tokens().revokeAllSessions(USER));

                assertEquals(List.of(), application.tokens().listSessions(USER), "reads see the own writes");
                assertEquals(List.of(), events, "nothing is committed");
            });

            assertEquals("new", application.password());
            assertEquals(0, application.sessions());
            assertEquals(List.of("Ended"), events);
        });
    }

    @Test
    void aRollbackKeepsTheSessionsAndNotifiesNobody() {
        inAnApplication(application -> {
            assertThrows(
                    IllegalStateException.class,
                    () -> application.transaction().executeWithoutResult(status -> {
                        application.tokens().revokeAllSessions(USER);
                        throw new IllegalStateException();
                    }));

            assertEquals(1, application.sessions());
            assertEquals(List.of(), events);
        });
    }

    @Test
    void aLoginInATransactionExistsAfterItsCommit() {
        inAnApplication(application -> {
            AtomicReference<IssuedTokens> issued = new AtomicReference<>();
            application.transaction().executeWithoutResult(status -> {
                issued.set(application.tokens().issue(USER, CLIENT));
                assertEquals(
                        USER,
                        application
                                .tokens()
                                .validate(issued.get().accessToken())
                                .userId());
                application
                        .with(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
                        .executeWithoutResult(none -> assertEquals(1, application.sessions(), "before the commit"));
            });

            assertEquals(2, application.sessions());
            assertEquals(List.of("Created"), events);
        });
    }

    @Test
    void withoutATransactionACallCommitsAtOnce() {
        inAnApplication(application -> {
            application.tokens().revokeAllSessions(USER);

            assertEquals(0, application.sessions());
            assertEquals(List.of("Ended"), events);
        });
    }

    @Test
    void aCallInAReadOnlyTransactionCommitsAtOnce() {
        inAnApplication(application -> {
            application.transaction().setReadOnly(true);
            application.transaction().executeWithoutResult(status -> {
                application.tokens().revokeAllSessions(USER);
                assertEquals(List.of("Ended"), events);
                status.setRollbackOnly();
            });

            assertEquals(0, application.sessions());
        });
    }

    @Test
    void aTransactionInsideAnotherHasItsOwnCommit() {
        inAnApplication(application -> {
            application.transaction().executeWithoutResult(outer -> {
                application.changePassword();
                application
                        .with(TransactionDefinition.PROPAGATION_REQUIRES_NEW)
                        .executeWithoutResult(inner -> application.tokens().revokeAllSessions(USER));
                assertEquals(List.of("Ended"), events);
                application.tokens().issue(USER, CLIENT);
                outer.setRollbackOnly();
            });

            assertEquals("old", application.password());
            assertEquals(0, application.sessions());
            assertEquals(List.of("Ended"), events);
        });
    }

    @Test
    void aRollbackToASavepointDropsWhatHappenedSince() {
        inAnApplication(application -> {
            application.transaction().executeWithoutResult(outer -> {
                application.tokens().issue(USER, CLIENT);
                application.with(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult(nested -> {
                    application.tokens().revokeAllSessions(USER);
                    nested.setRollbackOnly();
                });
            });

            assertEquals(2, application.sessions());
            assertEquals(List.of("Created"), events);
        });
    }

    @Test
    void aRollbackToASavepointBeforeTheFirstCallDropsEverything() {
        inAnApplication(application -> {
            application
                    .transaction()
                    .executeWithoutResult(outer -> application
                            .with(TransactionDefinition.PROPAGATION_NESTED)
                            .executeWithoutResult(nested -> {
                                application.tokens().revokeAllSessions(USER);
                                nested.setRollbackOnly();
                            }));

            assertEquals(1, application.sessions());
            assertEquals(List.of(), events);
        });
    }

    @Test
    void aCallThatFailedRefusesTheCommitEvenIfTheApplicationCatchesIt() {
        inAnApplication(application -> {
            application.accounts().execute("drop table jwt_sessions");

            assertThrows(
                    SessionStoreException.class,
                    () -> application.transaction().executeWithoutResult(status -> {
                        application.changePassword();
                        assertThrows(
                                SessionStoreException.class,
                                () -> application.tokens().revokeAllSessions(USER));
                    }));

            assertEquals("old", application.password());
        });
    }

    @Test
    void aCallThatFailedAfterASavepointIsUndoneWithIt() {
        inAnApplication(application -> {
            application.accounts().execute("drop table jwt_sessions");

            application.transaction().executeWithoutResult(outer -> {
                application.changePassword();
                assertThrows(
                        SessionStoreException.class,
                        () -> application
                                .with(TransactionDefinition.PROPAGATION_NESTED)
                                .executeWithoutResult(
                                        nested -> application.tokens().revokeAllSessions(USER)));
            });

            assertEquals("new", application.password());
        });
    }

    @Test
    void aReusedRefreshTokenEndsItsSessionInSpiteOfARollback() {
        inAnApplication(application -> {
            IssuedTokens first = application.tokens().issue(USER, CLIENT);
            IssuedTokens second = application.tokens().refresh(first.refreshToken(), CLIENT);
            application.tokens().refresh(second.refreshToken(), CLIENT);
            events.clear();

            assertThrows(
                    InvalidTokenException.class,
                    () -> application
                            .transaction()
                            .executeWithoutResult(
                                    status -> application.tokens().refresh(first.refreshToken(), CLIENT)));

            assertEquals(1, application.sessions());
            assertEquals(List.of("Ended", "RefreshTokenReused"), events);
        });
    }

    @Test
    void aListenerOfTheCommitMayChangeSessions() {
        for (String pool : List.of(COMMITS, DOES_NOT_COMMIT)) {
            inAnApplication(
                    application -> {
                        application.transaction().executeWithoutResult(status -> {
                            application.changePassword();
                            afterCommit(() -> application.tokens().revokeAllSessions(USER));
                        });

                        assertEquals(0, application.sessions(), "the first call came after the commit");
                        assertEquals(List.of("Ended"), events);
                    },
                    pool);
            inAnApplication(
                    application -> {
                        application.transaction().executeWithoutResult(status -> {
                            application.tokens().issue(USER, CLIENT);
                            afterCommit(() -> application.tokens().revokeAllSessions(USER));
                        });

                        assertEquals(0, application.sessions(), "a call before the commit had joined");
                        assertEquals(3, events.size());
                    },
                    pool);
        }
    }

    private static void afterCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.run();
            }
        });
    }

    @Test
    void aTransactionOfAnotherDatabaseIsNotJoined() {
        for (String pool : List.of(COMMITS, DOES_NOT_COMMIT)) {
            DataSource other = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "");
            inAnApplication(
                    application -> {
                        TransactionTemplate transaction =
                                new TransactionTemplate(new DataSourceTransactionManager(other));
                        transaction.executeWithoutResult(status -> {
                            assertEquals("old", application.password(), "binds a connection that nobody commits");
                            application.tokens().revokeAllSessions(USER);
                            assertEquals(List.of("Ended"), events);
                            status.setRollbackOnly();
                        });

                        assertEquals(0, application.sessions());
                    },
                    pool);
        }
    }

    @Test
    void aTransactionThatOnlyExposesItsConnectionIsJoined() {
        inAnApplication(application -> {
            inATransactionLikeThatOfJpa(application, connection -> {
                application.tokens().revokeAllSessions(USER);
                connection.rollback();
            });

            assertEquals(1, application.sessions());
            assertEquals(List.of(), events);
        });
    }

    @Test
    void aTransactionWhoseConnectionCommitsEachStatementIsOver() {
        inAnApplication(application -> {
            inATransactionLikeThatOfJpa(application, connection -> {
                connection.setAutoCommit(true);
                application.tokens().revokeAllSessions(USER);
                assertEquals(List.of("Ended"), events);
            });

            assertEquals(0, application.sessions());
        });
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    /** JpaTransactionManager exposes the connection of its transaction in the same way. */
    private static void inATransactionLikeThatOfJpa(Application application, Work work) throws SQLException {
        try (Connection connection = application.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            TransactionSynchronizationManager.bindResource(application.dataSource(), new ConnectionHolder(connection));
            TransactionSynchronizationManager.initSynchronization();
            TransactionSynchronizationManager.setActualTransactionActive(true);
            work.on(connection);
        } finally {
            TransactionSynchronizationManager.clear();
            TransactionSynchronizationManager.unbindResource(application.dataSource());
        }
    }

    @Test
    void joiningCanBeSwitchedOff() {
        onDatabase()
                .withPropertyValues("session-aware-jwt.store.join-transactions=false")
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
                    tokens.issue(USER, CLIENT);
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                            .executeWithoutResult(status -> {
                                tokens.revokeAllSessions(USER);
                                status.setRollbackOnly();
                            });

                    assertEquals(List.of(), tokens.listSessions(USER));
                });
    }

    @Test
    void aConnectionIsReturnedAfterEachTransaction() {
        inAnApplication(application -> {
            for (int round = 0; round < 30; round++) {
                application.transaction().executeWithoutResult(status -> {
                    application.tokens().issue(USER, CLIENT);
                    application.tokens().listSessions(USER);
                });
            }
            assertEquals(31, application.sessions());
            assertTrue(TransactionSynchronizationManager.getResourceMap().isEmpty());
        });
    }
}
