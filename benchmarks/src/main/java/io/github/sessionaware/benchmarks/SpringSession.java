package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.benchmarks.Login.Client;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Session JDBC. For each request it does what its filter does: find, set the access time, save. */
final class SpringSession implements Authenticator {
    private static final String USER = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

    private final HikariDataSource pool;
    private final Steps<? extends Session> steps;

    SpringSession(int sessions) {
        pool = Postgres.pool(sessions);
        ResourceDatabasePopulator tables = new ResourceDatabasePopulator(
                new ClassPathResource("org/springframework/session/jdbc/schema-drop-postgresql.sql"),
                new ClassPathResource("org/springframework/session/jdbc/schema-postgresql.sql"));
        tables.setIgnoreFailedDrops(true);
        tables.execute(pool);
        // The same propagation as in Spring Session's own configuration.
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
        transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        steps = new Steps<>(new JdbcIndexedSessionRepository(new JdbcTemplate(pool), transactions));
    }

    @Override
    public List<Client> logIn(int clients) {
        List<Client> loggedIn = new ArrayList<>(clients);
        for (Login login : Login.spreadOver(clients, clients)) {
            loggedIn.add(new Client(login.userId(), steps.create(login.userId())));
        }
        return loggedIn;
    }

    @Override
    public String userOf(String sessionId) {
        return steps.userOf(sessionId);
    }

    @Override
    public boolean logOut(String sessionId) {
        steps.repository.deleteById(sessionId);
        return true;
    }

    @Override
    public void close() {
        pool.close();
    }

    /** A type parameter stands for the session type of the repository, because that type is not public. */
    private record Steps<S extends Session>(SessionRepository<S> repository) {

        String create(String userId) {
            S session = repository.createSession();
            session.setAttribute(USER, userId);
            repository.save(session);
            return session.getId();
        }

        String userOf(String sessionId) {
            S session = repository.findById(sessionId);
            if (session == null || session.isExpired()) {
                throw new Refused();
            }
            session.setLastAccessedTime(Instant.now());
            String userId = session.getRequiredAttribute(USER);
            repository.save(session);
            return userId;
        }
    }
}
