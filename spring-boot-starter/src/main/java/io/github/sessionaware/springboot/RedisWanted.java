package io.github.sessionaware.springboot;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Whether the sessions are in Redis: if the application says so, and by default, if it has a client of Redis. */
final class RedisWanted extends AnyNestedCondition {
    private static final String TYPE = "session-aware-jwt.store.type";

    RedisWanted() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty(name = TYPE, havingValue = "redis")
    static class Asked {}

    @ConditionalOnProperty(name = TYPE, havingValue = "redis", matchIfMissing = true)
    @ConditionalOnBean(type = "io.github.sessionaware.redis.RedisAccess")
    static class ByAccess {}

    @ConditionalOnProperty(name = TYPE, havingValue = "redis", matchIfMissing = true)
    @ConditionalOnBean(type = "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory")
    static class ByClientOfBoot {}

    /** Cannot be used without a bean of the application, which the start then asks for. */
    @ConditionalOnProperty(name = TYPE, havingValue = "redis", matchIfMissing = true)
    @ConditionalOnBean(type = "org.springframework.data.redis.connection.jedis.JedisConnectionFactory")
    static class ByJedisOfBoot {}
}
