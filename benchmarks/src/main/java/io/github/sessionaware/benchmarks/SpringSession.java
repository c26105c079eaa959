package io.github.sessionaware.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.benchmarks.Login.Client;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Session. For each request it does what its filter does: find, set the access time, save. */
final class SpringSession implements Authenticator {
    private static final String USER = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

    private final Steps<? extends Session> steps;
    private final Runnable closing;

    private SpringSession(Steps<? extends Session> steps, Runnable closing) {
        this.steps = steps;
        this.closing = closing;
    }

    /** Spring Session JDBC. */
    static SpringSession onPostgres(int sessions) {
        HikariDataSource pool = Postgres.pool(sessions);
        ResourceDatabasePopulator tables = new ResourceDatabasePopulator(
                new ClassPathResource("org/springframework/session/jdbc/schema-drop-postgresql.sql"),
                new ClassPathResource("org/springframework/session/jdbc/schema-postgresql.sql"));
        tables.setIgnoreFailedDrops(true);
        tables.execute(pool);
        // The same propagation as in Spring Session's own configuration.
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
        transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return new SpringSession(
                new Steps<>(new JdbcIndexedSessionRepository(new JdbcTemplate(pool), transactions)), pool::close);
    }

    /**
     * Spring Session Redis with its default repository, which has no list of a user's sessions, through a pool of
     * Jedis.
     */
    static SpringSession onRedis() {
        JedisConnectionFactory connections = new JedisConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", Integer.getInteger(Redis.PORT)));
        connections.afterPropertiesSet();
        connections.start();
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.setConnectionFactory(connections);
        template.afterPropertiesSet();
        return new SpringSession(new Steps<>(new RedisSessionRepository(template)), connections::destroy);
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
        closing.run();
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
