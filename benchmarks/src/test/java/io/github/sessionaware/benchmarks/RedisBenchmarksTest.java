package io.github.sessionaware.benchmarks;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contenders on Redis. */
@Tag("thorough")
class RedisBenchmarksTest extends ContenderChecks {
    private static Redis redis;

    @BeforeAll
    static void start() throws Exception {
        redis = Redis.start();
    }

    @AfterAll
    static void stop() throws Exception {
        redis.close();
    }

    static Set<Contender> contenders() {
        return ON_REDIS;
    }
}
