package io.github.sessionaware.examples.devices;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down whoever guesses passwords (OWASP ASVS 5.0, 6.3.1). Wrong passwords count: a right one takes back its own
 * count and no other. Each check costs a hash, so this also limits how many run at once, and how many right passwords
 * an account may send from one network. Only a client that knows the password can use up the latter.
 *
 * <p>A try counts for its account and for the network of its client. An account refills faster than one network may
 * try, so a single stranger cannot keep the owner out. A try from a browser in which the user has signed in before
 * counts for that browser alone, so not even many strangers keep the owner out there. A try in another browser that is
 * signed in counts for its session alone.
 */
final class PasswordThrottle {
    private static final int MAX_BUCKETS = 100_000;

    /** Longer than any bucket takes to fill, so that a bucket is forgotten only when it is as good as new. */
    private static final Duration KEPT = Duration.ofMinutes(15);

    private static final int MAX_WAITING_PER_PROCESSOR = 8;

    private final TimeMeter time;
    private final Cache<Key, Bucket> buckets;
    private final Semaphore admitted;
    private final Semaphore processors;

    PasswordThrottle(InstantSource clock) {
        this(clock, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** Checks at most as many passwords at once as there are processors for it. */
    PasswordThrottle(InstantSource clock, int processors) {
        this.time = new Time(clock);
        this.processors = new Semaphore(processors, true);
        this.admitted = new Semaphore(processors * MAX_WAITING_PER_PROCESSOR);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .expireAfterAccess(KEPT)
                .ticker(time::currentTimeNanos)
                .executor(Runnable::run)
                .build();
    }

    /** What is counted, and how often it may happen: so many times at once, and then once per interval. */
    enum Counted {
        ACCOUNT(10, Duration.ofSeconds(10)),
        NETWORK(30, Duration.ofSeconds(20)),
        BROWSER(10, Duration.ofSeconds(10)),
        SESSION(10, Duration.ofSeconds(10)),
        RIGHT(100, Duration.ofSeconds(1));

        final int tries;
        final Duration interval;

        Counted(int tries, Duration interval) {
            this.tries = tries;
            this.interval = interval;
        }
    }

    /**
     * The client that sends a password.
     *
     * @param address its address
     * @param knownBrowser the browser, if this user has signed in with it before
     * @param sessionId the session, if the client is signed in. The known browser comes first, because a thief may have
     *     copied the session's cookies
     */
    record Client(@Nullable String address, Optional<String> knownBrowser, Optional<String> sessionId) {
        private List<Key> keys(String account) {
            return knownBrowser
                    .map(browser -> List.of(new Key(Counted.BROWSER, browser)))
                    .or(() -> sessionId.map(session -> List.of(new Key(Counted.SESSION, session))))
                    .orElseGet(() -> List.of(
                            new Key(Counted.ACCOUNT, digest(account)), new Key(Counted.NETWORK, Networks.of(address))));
        }
    }

    /**
     * Checks a password.
     *
     * @param account the user name as the client wrote it; unknown ones count too
     * @param check compares the password; empty if it is wrong
     * @return what {@code check} returned
     * @throws TooManyAttempts if the client has to wait; {@code check} was not called
     */
    OptionalInt check(Client client, String account, Supplier<OptionalInt> check) {
        List<Key> keys = client.keys(account);
        Key right = new Key(Counted.RIGHT, digest(account) + " " + Networks.of(client.address));
        requireNoWait(keys);
        requireNoWait(List.of(right));
        if (!admitted.tryAcquire()) {
            throw new TooManyAttempts(Duration.ofSeconds(1));
        }
        try {
            List<Bucket> counted = count(keys);
            OptionalInt result = onAProcessor(check);
            if (result.isPresent()) {
                takeBack(counted);
                // A simultaneous call may have taken the last one. It was checked already, so nothing is refused here.
                var unused = buckets.get(right, this::full).tryConsume(1);
            }
            return result;
        } finally {
            admitted.release();
        }
    }

    /**
     * Creates no bucket. Buckets exist only for passwords that were checked, and so arrive no faster than hashes are
     * computed. Otherwise invented names and addresses could push an empty bucket out of the cache.
     */
    private void requireNoWait(List<Key> keys) {
        long nanos = 0;
        for (Key key : keys) {
            Bucket bucket = buckets.getIfPresent(key);
            if (bucket != null) {
                nanos = Math.max(nanos, bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
            }
        }
        if (nanos > 0) {
            throw new TooManyAttempts(Duration.ofNanos(nanos));
        }
    }

    /** Counts before the check, so that simultaneous tries cannot exceed the limit. */
    private List<Bucket> count(List<Key> keys) {
        List<Bucket> counted = new ArrayList<>();
        for (Key key : keys) {
            Bucket bucket = buckets.get(key, this::full);
            ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
            if (!probe.isConsumed()) {
                takeBack(counted);
                throw new TooManyAttempts(Duration.ofNanos(probe.getNanosToWaitForRefill()));
            }
            counted.add(bucket);
        }
        return counted;
    }

    private static void takeBack(List<Bucket> counted) {
        counted.forEach(bucket -> bucket.addTokens(1));
    }

    private OptionalInt onAProcessor(Supplier<OptionalInt> check) {
        processors.acquireUninterruptibly();
        try {
            return check.get();
        } finally {
            processors.release();
        }
    }

    private Bucket full(Key key) {
        Counted counted = key.counted();
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(counted.tries).refillGreedy(1, counted.interval))
                .withCustomTimePrecision(time)
                .build();
    }

    /** A name may be long, and the cache must not keep it. */
    private static String digest(String account) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(account.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private record Key(Counted counted, String value) {}

    private record Time(InstantSource clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            Instant now = clock.instant();
            return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
