package io.github.sessionaware.redis;

import static io.github.sessionaware.redis.StoredRecords.bytes;
import static io.github.sessionaware.redis.StoredRecords.text;
import static java.util.Objects.requireNonNull;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in Redis 6.2 or Valkey 8, or later, so that they survive restarts and all nodes share them. Works on a
 * single server, behind Sentinel and on a Redis Cluster.
 *
 * <pre>{@code
 * RedisSessionStore store = new RedisSessionStore(JedisAccess.of(redisClient));
 * }</pre>
 *
 * <p>The sessions of a user are the fields of one hash. Its key is the prefix ({@link #withKeyPrefix}) and the user id.
 * Reading one session is one {@code HGET}, and a change is one script, so each takes one trip to the server. A login
 * under a session limit takes two. The first call of a store adds one, which asks for the eviction policy.
 *
 * <p><b>Expiry.</b> Redis removes the hash a day after the last deadline in it. The day covers any plausible error of
 * the server's clock, a wrong time zone included, because the clocks of the nodes decide what has expired. An expired
 * session of a user with a later one stays until a {@link #purge}. The server must not evict keys: set
 * {@code maxmemory-policy} to {@code noeviction}. The store logs one warning if the server says that it evicts.
 *
 * <p><b>Failover.</b> Redis replicates asynchronously. A primary that dies may take acknowledged logins and revocations
 * with it: see {@link #withReplicasAcknowledging}. The store reads from primaries only.
 *
 * <p><b>Failures.</b> If the server does not answer within the timeout ({@link #withTimeout}) or refuses a command, the
 * call throws {@link SessionStoreException}. Its cause shows no values. Whether the call took effect may then be
 * unknown, because the answer may have been lost on its way back. The store does not repeat such a call. It is safe to
 * call again, except that a repeated {@link #create} fails if the first one took effect. In that case create a new
 * session with a new id. {@link #deleteAll} and {@link #purge} work in steps of about 500 sessions, and the timeout
 * holds for each step.
 *
 * <p>Immutable and thread-safe. The store starts no thread and closes nothing: the client belongs to the application.
 */
public final class RedisSessionStore implements SessionStore {
    private static final String DEFAULT_KEY_PREFIX = "jwt_sessions:";
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final int MAX_REPLICAS = 100;

    /** Longer than any plausible clock error, including a wrong time zone. */
    static final Duration EXPIRY_MARGIN = Duration.ofDays(1);

    /** How many sessions one step looks at, because a server does nothing else meanwhile. */
    private static final int STEP = 500;

    private static final String FIRST = "0";

    private final RedisAccess redis;
    private final UserKeys keys;
    private final Duration timeout;
    private final int replicas;
    private final StoredRecords records = new StoredRecords();
    private final EvictionWarning eviction = new EvictionWarning();

    /**
     * Creates a store. Sends nothing yet, so the server may be down.
     *
     * @param redis leads to the servers; from {@link JedisAccess} or {@link LettuceAccess}
     */
    public RedisSessionStore(RedisAccess redis) {
        this(requireNonNull(redis, "redis"), new UserKeys(DEFAULT_KEY_PREFIX), DEFAULT_TIMEOUT, 0);
    }

    private RedisSessionStore(RedisAccess redis, UserKeys keys, Duration timeout, int replicas) {
        this.redis = redis;
        this.keys = keys;
        this.timeout = timeout;
        this.replicas = replicas;
    }

    /**
     * Returns a store whose keys begin differently. Stores with different prefixes share no session, unless one prefix
     * begins with the other: end each with a colon.
     *
     * @param keyPrefix 1 to 64 letters, digits and characters of {@code . _ : / -}; the default is
     *     {@code jwt_sessions:}. Braces are refused, because they would put all users on one server of a cluster
     * @return a new store on the same servers
     * @throws IllegalArgumentException if the prefix has another form
     */
    public RedisSessionStore withKeyPrefix(String keyPrefix) {
        return new RedisSessionStore(redis, new UserKeys(requireNonNull(keyPrefix, "keyPrefix")), timeout, replicas);
    }

    /**
     * Returns a store with another limit on how long a call takes. A shorter limit of the client stays as it is.
     * Opening a connection may take longer: the client limits that.
     *
     * @param timeout 100 milliseconds to 1 hour; the default is 2 seconds
     * @return a new store on the same servers
     * @throws IllegalArgumentException if the timeout is out of this range
     */
    public RedisSessionStore withTimeout(Duration timeout) {
        if (requireNonNull(timeout, "timeout").compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout must be 100 milliseconds to 1 hour, was " + timeout);
        }
        return new RedisSessionStore(redis, keys, timeout, replicas);
    }

    /**
     * Returns a store that confirms logins, refreshes and the end of sessions only after replicas have received them. A
     * failover to one of these replicas then undoes none of them. Off by default, because each such call waits for the
     * slowest of these replicas, and because it fails while fewer of them answer. Activity does not wait.
     *
     * <p>If fewer replicas answer within three quarters of the timeout, the call throws {@link SessionStoreException}.
     * The primary has made the change then, and it is unknown whether a failover undoes it. Call again until a call
     * succeeds: a repeated {@link #delete} or {@link #deleteAll} waits for the replicas too, even if it finds nothing.
     *
     * <p>This promises nothing if a replica is promoted that was not among those that answered, which is possible with
     * more replicas than this number, nor if primary and replicas lose their data together.
     *
     * @param replicas how many replicas must have a change, 1 to 100
     * @return a new store on the same servers
     * @throws IllegalArgumentException if the number is out of this range
     */
    public RedisSessionStore withReplicasAcknowledging(int replicas) {
        if (replicas < 1 || replicas > MAX_REPLICAS) {
            throw new IllegalArgumentException("replicas must be 1 to " + MAX_REPLICAS + ", was " + replicas);
        }
        return new RedisSessionStore(redis, keys, timeout, replicas);
    }

    @Override
    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
        return bounded(deadline -> {
            if (!admission.isUnconditional()) {
                return admit(session, admission, deadline);
            }
            requireNew(run(Script.INSERT, session.userId(), writing(session), replicas, deadline));
            return Optional.of(List.of());
        });
    }

    /**
     * Reads all sessions, asks the admission, and writes if there is no session that the admission has not seen.
     * Another login may have come in between, and this one starts again. Each time one of the racing logins gets
     * through.
     */
    private Optional<List<SessionRecord>> admit(SessionRecord session, Admission admission, Deadline deadline) {
        while (true) {
            List<byte[]> fields = fields(session.userId(), deadline);
            // The names stay bytes. The name of a field that another program wrote may be no text.
            List<byte[]> ids = new ArrayList<>(fields.size() / 2);
            for (int i = 0; i < fields.size(); i += 2) {
                ids.add(fields.get(i));
            }
            byte[] own = bytes(session.id());
            if (ids.stream().anyMatch(id -> Arrays.equals(id, own))) {
                throw exists();
            }
            Optional<List<SessionRecord>> leaving = admission.decide(records.all(session.userId(), fields, 0));
            if (leaving.isEmpty()) {
                return leaving;
            }
            List<byte[]> arguments = writing(session);
            arguments.add(bytes(Integer.toString(leaving.get().size())));
            for (SessionRecord left : leaving.get()) {
                arguments.add(bytes(left.id()));
                arguments.add(bytes(Long.toString(left.version())));
            }
            arguments.addAll(ids);
            List<byte[]> answer = run(Script.ADMIT, session.userId(), arguments, replicas, deadline);
            if (!text(answer.get(0)).equals("changed")) {
                requireNew(answer);
                return Optional.of(records.all(session.userId(), answer, 1));
            }
        }
    }

    @Override
    public Optional<SessionRecord> find(String userId, String sessionId) {
        byte[] key = keys.of(userId);
        byte[] field = bytes(sessionId);
        // An array instead of an Optional, because a call must not return null.
        List<byte[]> value = bounded(deadline -> onOwner(key, false, deadline, primary -> {
            byte[] found = primary.field(key, field);
            return found == null ? List.<byte[]>of() : List.of(found);
        }));
        return value.isEmpty() ? Optional.empty() : records.found(userId, sessionId, value.get(0));
    }

    @Override
    public List<SessionRecord> list(String userId) {
        return records.all(userId, bounded(deadline -> fields(userId, deadline)), 0);
    }

    /** Waits for no replica: activity that a failover loses is recorded again by the next request. */
    @Override
    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        return replace(seen, seen.touched(lastActiveAt, expiresAt), 0);
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        return replace(seen, next, replicas);
    }

    private boolean replace(SessionRecord seen, SessionRecord next, int acknowledging) {
        List<byte[]> arguments = writing(next);
        arguments.add(bytes(Long.toString(seen.version())));
        List<byte[]> answer =
                bounded(deadline -> run(Script.REPLACE, seen.userId(), arguments, acknowledging, deadline));
        return text(answer.get(0)).equals("replaced");
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        List<byte[]> arguments = new ArrayList<>(sessionIds.size() + 1);
        arguments.add(bytes(Integer.toString(replicas)));
        sessionIds.forEach(id -> arguments.add(bytes(id)));
        List<byte[]> answer = bounded(deadline -> run(Script.DELETE, userId, arguments, replicas, deadline));
        return records.all(userId, answer, 1);
    }

    @Override
    public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
        List<SessionRecord> removed = new ArrayList<>();
        String cursor = FIRST;
        do {
            List<byte[]> arguments = new ArrayList<>(
                    List.of(bytes(Integer.toString(replicas)), bytes(cursor), bytes(Integer.toString(STEP))));
            if (keptSessionId != null) {
                arguments.add(bytes(keptSessionId));
            }
            List<byte[]> answer = bounded(deadline -> run(Script.DELETE_ALL, userId, arguments, replicas, deadline));
            removed.addAll(records.all(userId, answer, 1));
            cursor = text(answer.get(0));
        } while (!cursor.equals(FIRST));
        return removed;
    }

    /**
     * Removes what the server's own expiry leaves: expired sessions of users who have live ones. It visits the keys of
     * all users, in steps, so it takes long where there are many. A store that is never purged does not fill up if
     * sessions per user are limited, because a user's expired sessions leave before live ones.
     */
    @Override
    public int purge(Instant expiredAtOrBefore) {
        byte[] cutoff = bytes(Long.toString(expiredAtOrBefore.toEpochMilli()));
        int purged = 0;
        for (String primary : bounded(redis::primaries)) {
            String cursor = FIRST;
            do {
                String from = cursor;
                Primary.Page page = bounded(deadline ->
                        redis.onPrimary(primary, deadline, connection -> connection.scan(from, keys.pattern(), STEP)));
                for (byte[] key : page.keys()) {
                    purged += purgeUser(key, cutoff);
                }
                cursor = page.cursor();
            } while (!cursor.equals(FIRST));
        }
        return purged;
    }

    private int purgeUser(byte[] key, byte[] cutoff) {
        int purged = 0;
        String cursor = FIRST;
        do {
            List<byte[]> arguments = List.of(cutoff, bytes(cursor), bytes(Integer.toString(STEP)));
            List<byte[]> answer = bounded(
                    deadline -> onOwner(key, false, deadline, primary -> primary.run(Script.PURGE, key, arguments, 0)));
            cursor = text(answer.get(0));
            purged += Integer.parseInt(text(answer.get(1)));
        } while (!cursor.equals(FIRST));
        return purged;
    }

    /**
     * Returns session id, record and the time at which the key may go: the first arguments of each script that writes.
     */
    private static List<byte[]> writing(SessionRecord session) {
        // Not before the epoch, because servers differ in what they do then.
        long mayGo = Math.max(1, session.expiresAt().plus(EXPIRY_MARGIN).toEpochMilli());
        return new ArrayList<>(List.of(bytes(session.id()), RecordFormat.write(session), bytes(Long.toString(mayGo))));
    }

    private List<byte[]> fields(String userId, Deadline deadline) {
        byte[] key = keys.of(userId);
        return onOwner(key, false, deadline, primary -> primary.fields(key));
    }

    private List<byte[]> run(
            Script script, String userId, List<byte[]> arguments, int acknowledging, Deadline deadline) {
        byte[] key = keys.of(userId);
        return onOwner(key, acknowledging > 0, deadline, primary -> primary.run(script, key, arguments, acknowledging));
    }

    private <T> T onOwner(byte[] key, boolean waits, Deadline deadline, Function<Primary, T> call) {
        eviction.ask(() -> redis.onOwner(key, false, deadline, primary -> primary.info("memory")));
        return redis.onOwner(key, waits, deadline, call);
    }

    private <T> T bounded(Function<Deadline, T> call) {
        try {
            return call.apply(Deadline.after(timeout));
        } catch (RuntimeException e) {
            throw StoreFailure.of(e);
        }
    }

    private static void requireNew(List<byte[]> answer) {
        if (!text(answer.get(0)).equals("created")) {
            throw exists();
        }
    }

    private static SessionStoreException exists() {
        return new SessionStoreException("The user has a session with this id already");
    }
}
