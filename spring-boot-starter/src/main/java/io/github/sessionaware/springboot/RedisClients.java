package io.github.sessionaware.springboot;

import io.github.sessionaware.redis.LettuceAccess;
import io.github.sessionaware.redis.RedisAccess;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

/** Finds the way to Redis that Boot has configured ({@code spring.data.redis.*}). */
final class RedisClients {
    private static final String FACTORY = "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory";

    private RedisClients() {}

    static RedisAccess access(ListableBeanFactory beans) {
        if (!ClassUtils.isPresent(FACTORY, RedisClients.class.getClassLoader())) {
            throw none();
        }
        LettuceConnectionFactory factory =
                beans.getBeanProvider(LettuceConnectionFactory.class).getIfUnique();
        if (factory == null) {
            throw none();
        }
        // A stop of the application shuts the client down, and a start makes another one.
        return LettuceAccess.of(factory::getRequiredNativeClient);
    }

    private static InvalidConfigurationException none() {
        return new InvalidConfigurationException(
                "The sessions need a client of Redis, but there is not exactly one of Lettuce",
                "Add spring-boot-starter-data-redis, whose client is Lettuce. With Jedis or a client of your own, declare a"
                        + " bean of the type RedisAccess with JedisAccess.of or LettuceAccess.of. To keep the sessions in the database, set"
                        + " session-aware-jwt.store.type=jdbc");
    }
}
