package io.github.sessionaware.benchmarks;

import io.github.sessionaware.benchmarks.Login.Client;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;

/**
 * Spring Session Redis with its default repository, which has no list of a user's sessions, through a pool of Jedis.
 * For each request it does what its filter does: find, set the access time, save.
 */
final class SpringSessionRedis implements Authenticator {
    private static final String USER = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

    private final JedisConnectionFactory connections;
    private final Steps<? extends Session> steps;

    SpringSessionRedis() {
        connections = new JedisConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", Integer.getInteger(Redis.PORT)));
        connections.afterPropertiesSet();
        connections.start();
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.setConnectionFactory(connections);
        template.afterPropertiesSet();
        steps = new Steps<>(new RedisSessionRepository(template));
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
        connections.destroy();
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
