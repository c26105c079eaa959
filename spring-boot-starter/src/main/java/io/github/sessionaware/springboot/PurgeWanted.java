package io.github.sessionaware.springboot;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/**
 * Whether this node purges: if the application says so, and by default, except on Redis, where a purge visits every
 * key.
 */
final class PurgeWanted extends AnyNestedCondition {
    private static final String ENABLED = "session-aware-jwt.purge.enabled";

    PurgeWanted() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty(ENABLED)
    static class Asked {}

    @ConditionalOnProperty(name = ENABLED, matchIfMissing = true)
    @ConditionalOnMissingBean(type = "io.github.sessionaware.redis.RedisSessionStore")
    static class ByDefault {}
}
