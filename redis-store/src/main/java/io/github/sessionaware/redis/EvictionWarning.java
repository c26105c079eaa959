package io.github.sessionaware.redis;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once if the server may evict sessions, before the first call of a store. */
final class EvictionWarning {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSessionStore.class);
    private static final Pattern LIMIT = Pattern.compile("(?m)^maxmemory:([0-9]+)\\s*$");
    private static final Pattern POLICY = Pattern.compile("(?m)^maxmemory_policy:([a-z-]+)\\s*$");

    private final AtomicBoolean asked = new AtomicBoolean();

    /** What a server answers that never tells: its user lacks the right, or it has another name for {@code INFO}. */
    private static final Set<String> NEVER_TELLS = Set.of("NOPERM", "ERR");

    /** Asks the server once. If there is no answer, the exception is that of the call, and the next call asks again. */
    void ask(Supplier<String> memoryInfo) {
        if (asked.get()) {
            return;
        }
        try {
            warnOf(memoryInfo.get());
        } catch (ReplyError e) {
            // A server may refuse INFO and nothing else. If it refuses more, the call itself finds out.
            LOG.debug("Redis does not tell its eviction policy: {}", e.code());
            if (NEVER_TELLS.contains(e.code())) {
                asked.set(true);
            }
        }
    }

    private void warnOf(String memoryInfo) {
        Matcher limit = LIMIT.matcher(memoryInfo);
        Matcher policy = POLICY.matcher(memoryInfo);
        boolean evicts = policy.find()
                && !policy.group(1).equals("noeviction")
                && !(limit.find() && limit.group(1).equals("0"));
        if (asked.compareAndSet(false, true) && evicts) {
            LOG.warn(
                    "Redis has the eviction policy {}: when its memory is full, it drops sessions, which logs users out."
                            + " Set maxmemory-policy to noeviction.",
                    policy.group(1));
        }
    }
}
