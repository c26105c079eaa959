package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with Hibernate on PostgreSQL, whose methods are {@code @Transactional}. Its requests run on virtual
 * threads where Java has them.
 */
@Tag("thorough")
class JpaOnPostgresTest {
    /** An account of the application, with the hash of its password. */
    @Entity(name = "Account")
    static class Account {
        @Id
        String name;

        String password;

        Account() {}

        Account(String name) {
            this.name = name;
            this.password = "old";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {
        @Bean
        LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
            LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
            HibernateJpaVendorAdapter hibernate = new HibernateJpaVendorAdapter();
            hibernate.setGenerateDdl(true);
            factory.setJpaVendorAdapter(hibernate);
            factory.setDataSource(dataSource);
            factory.setManagedTypes(PersistenceManagedTypes.of(Account.class.getName()));
            return factory;
        }

        @Bean
        PlatformTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory);
        }

        @Bean
        Accounts accounts(SessionAwareTokenService tokens) {
            return new Accounts(tokens);
        }

        @Bean
        Recorder recorder(SessionAwareTokenService tokens) {
            return new Recorder(tokens);
        }
    }

    /** An event of the application. */
    record Locked(String user) {}

    static class Recorder {
        private final SessionAwareTokenService tokens;
        private final List<String> ended = Collections.synchronizedList(new ArrayList<>());

        Recorder(SessionAwareTokenService tokens) {
            this.tokens = tokens;
        }

        @EventListener
        void on(SessionEvent.Ended event) {
            ended.add(event.userId());
        }

        @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
        void on(Locked event) {
            tokens.revokeAllSessions(event.user());
        }
    }

    static class Accounts {
        @PersistenceContext
        private EntityManager entities;

        private final SessionAwareTokenService tokens;

        Accounts(SessionAwareTokenService tokens) {
            this.tokens = tokens;
        }

        @Transactional
        void create(String user) {
            entities.persist(new Account(user));
        }

        @Transactional(readOnly = true)
        String password(String user) {
            return entities.find(Account.class, user).password;
        }

        @Transactional
        void changePassword(AuthenticatedSession current) {
            entities.find(Account.class, current.userId()).password = "new";
            tokens.revokeOthers(current);
        }

        @Transactional
        void changePasswordAndFail(AuthenticatedSession current) {
            changePassword(current);
            throw new Failure();
        }

        @Transactional
        void lock(String user, ApplicationEventPublisher events) {
            entities.find(Account.class, user).password = "locked";
            events.publishEvent(new Locked(user));
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        void revokeInATransactionOfItsOwn(String user) {
            tokens.revokeAllSessions(user);
        }

        @Transactional
        void loseTheTable(AuthenticatedSession current) {
            entities.find(Account.class, current.userId()).password = "new";
            entities.flush();
            entities.createNativeQuery("alter table jwt_sessions rename to elsewhere")
                    .executeUpdate();
            try {
                tokens.revokeOthers(current);
            } catch (SessionStoreException e) {
                // As careless code does. The commit must fail all the same.
            }
        }
    }

    @ResponseStatus(HttpStatus.CONFLICT)
    static class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @RestController
    static class Pages {
        private final Accounts accounts;
        private final ApplicationEventPublisher events;

        Pages(Accounts accounts, ApplicationEventPublisher events) {
            this.accounts = accounts;
            this.events = events;
        }

        @GetMapping("/thread")
        String thread(@AuthenticationPrincipal AuthenticatedSession current) {
            return current.userId() + " " + isVirtual(Thread.currentThread());
        }

        @PostMapping("/password")
        void password(
                @AuthenticationPrincipal AuthenticatedSession current,
                @RequestParam(defaultValue = "false") boolean fails) {
            if (fails) {
                accounts.changePasswordAndFail(current);
            }
            accounts.changePassword(current);
        }

        @PostMapping("/lock")
        void lock(@AuthenticationPrincipal AuthenticatedSession current) {
            accounts.lock(current.userId(), events);
        }

        @PostMapping("/lose-the-table")
        void loseTheTable(@AuthenticationPrincipal AuthenticatedSession current) {
            accounts.loseTheTable(current);
        }
    }

    /** This project compiles for Java 17, which has no virtual threads. */
    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) MethodHandles.lookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class))
                    .invokeExact(thread);
        } catch (NoSuchMethodException e) {
            return false;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static EmbeddedPostgres postgres;
    private static WebApplication application;

    private final String user = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
        application = WebApplication.start(
                List.of(Shop.class, Pages.class),
                "spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "spring.datasource.username=postgres",
                "spring.threads.virtual.enabled=true",
                "spring.datasource.hikari.connection-timeout=30000",
                "session-aware-jwt.store.initialize-schema=always");
    }

    @AfterAll
    static void stop() throws IOException {
        application.close();
        postgres.close();
    }

    private String signedIn() {
        return "Bearer "
                + application.tokens().issue(user, ClientInfo.unknown()).accessToken();
    }

    private int status(String method, String path, String token) {
        return application.send(method, path, "Authorization", token).statusCode();
    }

    private static Accounts accounts() {
        return application.bean(Accounts.class);
    }

    private long ended() {
        return List.copyOf(application.bean(Recorder.class).ended).stream()
                .filter(user::equals)
                .count();
    }

    @Test
    void anEntityAndTheEndOfTheOtherSessionsAreOneCommit() {
        accounts().create(user);
        String here = signedIn();
        String there = signedIn();

        assertEquals(200, status("POST", "/password", here));

        assertEquals("new", accounts().password(user));
        assertEquals(200, status("GET", "/thread", here));
        assertEquals(401, status("GET", "/thread", there));
        assertEquals(1, ended());
    }

    @Test
    void aRollbackKeepsThePasswordAndTheSessionsAndNotifiesNobody() {
        accounts().create(user);
        String here = signedIn();
        String there = signedIn();

        assertEquals(409, status("POST", "/password?fails=true", here));

        assertEquals("old", accounts().password(user));
        assertEquals(200, status("GET", "/thread", there));
        assertEquals(0, ended());
    }

    @Test
    void aListenerAfterTheCommitOfHibernateEndsTheSessions() {
        accounts().create(user);
        String here = signedIn();

        assertEquals(200, status("POST", "/lock", here));

        assertEquals("locked", accounts().password(user));
        assertEquals(401, status("GET", "/thread", here));
        assertEquals(1, ended());
    }

    @Test
    void aFailedCallRefusesTheCommitOfTheEntity() {
        accounts().create(user);
        String here = signedIn();
        String there = signedIn();

        assertTrue(status("POST", "/lose-the-table", here) >= 500);

        assertEquals("old", accounts().password(user));
        assertEquals(200, status("GET", "/thread", there));
        assertEquals(0, ended());
    }

    @Test
    void aTransactionOfItsOwnCommitsByItself() {
        accounts().create(user);
        String here = signedIn();

        accounts().revokeInATransactionOfItsOwn(user);

        assertEquals(401, status("GET", "/thread", here));
        assertEquals(1, ended());
    }

    @Test
    void requestsRunOnVirtualThreadsFromJava21On() {
        String expected = user + " " + (Runtime.version().feature() >= 21);

        assertEquals(
                expected,
                application.get("/thread", "Authorization", signedIn()).body());
    }

    @Test
    void requestsThatArriveTogetherShareReadsAndAllSucceed() throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int session = 0; session < 50; session++) {
            tokens.add(signedIn());
        }
        ExecutorService clients = Executors.newFixedThreadPool(50);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int request = 0; request < 1_000; request++) {
                String token = tokens.get(request % tokens.size());
                answers.add(clients.submit(() -> status("GET", "/thread", token)));
            }
            int accepted = 0;
            for (Future<Integer> answer : answers) {
                accepted += answer.get() == 200 ? 1 : 0;
            }
            assertEquals(1_000, accepted);
        } finally {
            clients.shutdownNow();
        }
    }
}
