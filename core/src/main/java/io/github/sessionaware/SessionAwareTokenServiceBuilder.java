package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionListener.Novelty;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link SessionAwareTokenService}. {@link #issuer}, {@link #sessionStore}, and either {@link #signingKey}
 * or {@link #keyRing} are required. The order of the calls does not matter. If a setting is given twice, the last value
 * counts; {@link #listener} adds a listener each time. A service that {@link #build} returned does not change when its
 * builder is used again.
 *
 * <p>Each setter throws {@link NullPointerException} for null and {@link IllegalArgumentException} for a value out of
 * its range. {@link #build} refuses settings that contradict each other. Not thread-safe.
 */
public final class SessionAwareTokenServiceBuilder {
    static final Duration MAX_LEEWAY = Duration.ofSeconds(60);
    static final int VERIFIED_TOKENS = 10_000;
    private static final Duration LONGEST_STALENESS = Duration.ofMinutes(1);

    private static final SessionLimit DEFAULT_SESSION_LIMIT = new SessionLimit(100, AtLimit.END_LEAST_RECENTLY_ACTIVE);

    /** Eight times the memory for a token with many roles, so that all remembered tokens take an eighth of the heap. */
    private static final long HEAP_PER_VERIFIED_TOKEN = 64 * 1024;

    private static final Duration DEFAULT_GRACE_WINDOW = Duration.ofSeconds(10);
    private static final Duration MAX_GRACE_WINDOW = Duration.ofHours(24);

    private @Nullable String issuer;
    private List<String> audiences = List.of();
    private final Set<TokenCodec.Scope> former = new LinkedHashSet<>();
    private @Nullable SigningKey signingKey;
    private @Nullable Supplier<KeyRing> keyRing;
    private Instant statelessTokensUntil = Instant.MIN;
    private @Nullable SessionStore sessionStore;
    private String sessionIdClaim = "sid";
    private String tokenType = "at+jwt";
    private Duration accessTokenLifetime = Duration.ofMinutes(15);
    private Duration idleTimeout = Duration.ofDays(14);
    private Duration absoluteTimeout = Duration.ofDays(30);
    private Duration activityInterval = Duration.ofMinutes(1);
    private Duration leeway = Duration.ZERO;
    private int verifiedTokenCacheSize =
            (int) Math.min(VERIFIED_TOKENS, Runtime.getRuntime().maxMemory() / HEAP_PER_VERIFIED_TOKEN);
    private List<byte[]> refreshSecrets = List.of();
    private @Nullable Duration refreshGraceWindow;
    private @Nullable BiFunction<String, Session, Map<String, ?>> claimsOnRefresh;
    private Set<Novelty> refusedRetries = Set.of();
    private @Nullable ExperimentalDeviceBinding deviceBinding;
    private BiFunction<String, String, SessionLimit> sessionLimit = (userId, category) -> DEFAULT_SESSION_LIMIT;
    private final List<SessionListener> listeners = new ArrayList<>();
    private Duration maxStaleness = Duration.ZERO;
    private SessionMetrics metrics = SessionMetrics.NOOP;
    private InstantSource clock = Clock.systemUTC();
    private LongSupplier monotonicClock = System::nanoTime;
    private SecureRandom secureRandom = new SecureRandom();

    SessionAwareTokenServiceBuilder() {}

    /**
     * Sets the issuer of the tokens: the {@code iss} claim, which every token must carry to be accepted. Required.
     *
     * @param issuer usually the URL of the application, 1 to 255 code points, no control characters
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder issuer(String issuer) {
        this.issuer = Identifiers.requireValid(requireNonNull(issuer, "issuer"), "issuer");
        return this;
    }

    /**
     * Sets the audiences of the tokens: the {@code aud} claim. Every token carries all of them, and a token is accepted
     * if it carries at least one. If services share a key, give them different audiences, so that none accepts the
     * tokens of another. Default: the issuer.
     *
     * @param audience usually the URL of the API, 1 to 255 code points, no control characters. It is part of the hashes
     *     of refresh tokens, so services that accept each other's refresh tokens must have the same first audience
     * @param more further audiences, of the same form
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder audience(String audience, String... more) {
        this.audiences = TokenOptions.audiences(audience, more);
        return this;
    }

    /**
     * Accepts tokens with an issuer and an audience that this service had before, so that a change of its URL logs
     * nobody out. New tokens have the new issuer and audiences. Remove this setting when the last session from before
     * has reached its absolute deadline. Default: none.
     *
     * @param issuer the former issuer
     * @param audience the former audience, the first one if there were several; the former issuer if none was set
     * @return this builder, which accepts each former pair that it was given
     */
    public SessionAwareTokenServiceBuilder acceptFormer(String issuer, String audience) {
        former.add(new TokenCodec.Scope(
                Identifiers.requireValid(requireNonNull(issuer, "issuer"), "issuer"),
                TokenOptions.audiences(audience)));
        return this;
    }

    /**
     * Sets the one key that signs and verifies. Only its algorithm is accepted. Either this or {@link #keyRing} is
     * required, but not both.
     *
     * @param signingKey the key
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder signingKey(SigningKey signingKey) {
        this.signingKey = requireNonNull(signingKey, "signingKey");
        return this;
    }

    /**
     * Sets a supplier of the keys, so that they can be replaced while the service runs. The service calls the supplier
     * once for each token that it issues or validates, on the caller's thread. So the supplier must be fast: hold the
     * ring in a field, such as an {@code AtomicReference}, and let a scheduled task of the application update it from
     * the file, the database or the key service. An exception of the supplier reaches the caller.
     *
     * <p>With {@link #refreshTokens}, {@link #build} calls the supplier once too. A ring with a secret of the refresh
     * tokens is then refused, also if it comes later: while the supplier returns it, each call that needs the keys
     * throws {@link IllegalStateException}.
     *
     * @param keyRing returns the current ring, never null; thread-safe
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder keyRing(Supplier<KeyRing> keyRing) {
        this.keyRing = requireNonNull(keyRing, "keyRing");
        return this;
    }

    /**
     * Sets the store of the sessions. Services that share a store, a key, an issuer and an audience accept each other's
     * tokens and see each other's revocations. Required.
     *
     * @param sessionStore the store
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder sessionStore(SessionStore sessionStore) {
        this.sessionStore = requireNonNull(sessionStore, "sessionStore");
        return this;
    }

    /**
     * Sets the claim that carries the session id. Default: {@code sid}, the registered name.
     *
     * @param sessionIdClaim a claim name that has no other meaning in a token, 1 to 255 code points, no control
     *     characters
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder sessionIdClaim(String sessionIdClaim) {
        if (TokenCodec.isReserved(
                Identifiers.requireValid(requireNonNull(sessionIdClaim, "sessionIdClaim"), "sessionIdClaim"))) {
            throw new IllegalArgumentException(
                    "sessionIdClaim must not be " + sessionIdClaim + ": that claim has another meaning");
        }
        this.sessionIdClaim = sessionIdClaim;
        return this;
    }

    /**
     * Sets the {@code typ} header, which every token must carry to be accepted. So other kinds of token that are signed
     * with the same key are not mistaken for access tokens (RFC 8725, section 3.11). Default: {@code at+jwt}, which RFC
     * 9068 defines. That RFC also defines the claim {@code client_id}, which these tokens carry only if the application
     * adds it.
     *
     * @param tokenType the type, 1 to 255 code points, no control characters
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder tokenType(String tokenType) {
        this.tokenType = Identifiers.requireValid(requireNonNull(tokenType, "tokenType"), "tokenType");
        return this;
    }

    /**
     * Sets how long an access token is accepted, at most until the absolute deadline of its session. The service checks
     * the session at every request, whatever this lifetime is. A short lifetime only limits how long a stolen token
     * works at services that verify tokens without asking the store.
     *
     * <p>Without {@link #refreshTokens} a token cannot be renewed. When it expires, the user logs in again, and the old
     * session is listed until it expires too. So if every request asks the store and there are no refresh tokens, set
     * this to the absolute timeout. Default: 15 minutes.
     *
     * @param accessTokenLifetime 1 second to the absolute timeout; {@code exp} has whole seconds and is rounded down
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder accessTokenLifetime(Duration accessTokenLifetime) {
        this.accessTokenLifetime = SessionTimeouts.requireInRange(
                accessTokenLifetime, Duration.ofSeconds(1), "1 s", "accessTokenLifetime");
        return this;
    }

    /**
     * Sets after how long without activity a session expires (OWASP ASVS 5.0, 7.3.1), unless its login has set a
     * shorter time ({@link LoginOptions#withTimeouts}). Activity is recorded at most once per activity interval. So a
     * session may expire earlier than this time after its last request, by up to that interval. A timeout that becomes
     * shorter applies at once to existing sessions. Default: 14 days.
     *
     * @param idleTimeout at most the absolute timeout, more than the activity interval
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder idleTimeout(Duration idleTimeout) {
        this.idleTimeout = SessionTimeouts.requireInRange(idleTimeout, "idleTimeout");
        return this;
    }

    /**
     * Sets after how long a session expires whatever its activity (OWASP ASVS 5.0, 7.3.2), counted from its user's last
     * authentication, unless its login has set a shorter time ({@link LoginOptions#withTimeouts}). This timeout cannot
     * be switched off. A timeout that becomes shorter applies at once to existing sessions. Default: 30 days.
     *
     * @param absoluteTimeout at most 3650 days; not shorter than the idle timeout and the access token lifetime
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder absoluteTimeout(Duration absoluteTimeout) {
        this.absoluteTimeout = SessionTimeouts.requireInRange(absoluteTimeout, "absoluteTimeout");
        return this;
    }

    /**
     * Sets how precisely activity is recorded: a session is written at most once per interval, however many requests it
     * makes. A session whose own idle timeout is not longer than the interval expires whatever its activity. So do not
     * raise the interval that far while such sessions exist. Default: 1 minute.
     *
     * @param activityInterval 1 millisecond or more, less than the idle timeout
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder activityInterval(Duration activityInterval) {
        this.activityInterval = SessionTimeouts.requireInRange(activityInterval, "activityInterval");
        return this;
    }

    /**
     * Sets by how much the clocks of the nodes may differ. A token is accepted for this long after its {@code exp}, and
     * for this long before its {@code nbf} if it has one. The session's own deadlines have no leeway. With
     * {@link #refreshTokens}, the leeway must not be longer than the {@link #refreshGraceWindow}, unless that is zero.
     * Default: zero, which is enough if one node issues and validates.
     *
     * @param leeway zero to 60 seconds
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder leeway(Duration leeway) {
        requireNonNull(leeway, "leeway");
        if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0) {
            throw new IllegalArgumentException("leeway must be 0 to 60 s, was " + leeway);
        }
        this.leeway = leeway;
        return this;
    }

    /**
     * Switches refresh tokens on: {@code issue} returns one with the access token, and
     * {@link SessionAwareTokenService#refresh} exchanges it for new tokens. The access token may then be short-lived.
     * Every use returns another refresh token, and a used token that is presented again ends its session (OAuth 2.0
     * Security, RFC 9700, section 4.14.2).
     *
     * <p>A refresh token is valid at all services with the same store, secret, issuer and audience, whatever their
     * signing keys are. To replace the secret without logging anybody out, pass the former one as well: its tokens are
     * accepted, and each refresh exchanges one for a token of the first secret. If nodes are restarted one after the
     * other, let all of them accept the next secret first, as if it were a former one. Default: no refresh tokens.
     *
     * @param secret makes the tokens. At least 32 random bytes, the same on every node; copied. It must not be the
     *     secret of an HMAC signing key: {@link #build} and each later ring of {@link #keyRing} are checked for that.
     *     The store keeps hashes, whose key is derived from this secret
     * @param formerSecrets secrets whose tokens are accepted too; each as the first, and different from the others
     * @return this builder
     * @throws IllegalArgumentException if a secret is shorter, if {@link SigningKey#hmac256} would refuse it, or if two
     *     secrets are the same
     */
    public SessionAwareTokenServiceBuilder refreshTokens(byte[] secret, byte[]... formerSecrets) {
        List<byte[]> secrets = new ArrayList<>(List.of(Secrets.requireStrong(secret, 32)));
        for (byte[] former : requireNonNull(formerSecrets, "formerSecrets")) {
            secrets.add(Secrets.requireStrong(requireNonNull(former, "formerSecrets must not contain null"), 32));
        }
        if (secrets.stream().map(Secrets::thumbprint).distinct().count() < secrets.size()) {
            throw new IllegalArgumentException("formerSecrets must differ from secret and from each other");
        }
        this.refreshSecrets = List.copyOf(secrets);
        return this;
    }

    /**
     * Sets how long a used refresh token still returns the same next token, unless that was used too. So two tabs that
     * refresh at the same time both succeed, and so does a client that lost the answer. With zero, the second caller
     * always ends the session. Requires {@link #refreshTokens}.
     *
     * <p>Seconds are enough for tabs. A phone that sleeps before the answer arrives needs hours. A long window costs
     * theft detection: until the owner uses the next token, a copy of the former one leads to it without an alarm. If
     * the window is longer than the time between two refreshes, a thief who refreshes as often as the owner is never
     * taken for one, and ends no session. What remains is {@link SessionListener#refreshRetried}, which reports every
     * retry. So combine a long window with {@link #refuseRetriesFromAnother}.
     *
     * <p>The clocks of the nodes should differ by much less than the window. A node whose clock is behind by more
     * refuses a retry. A node whose clock is ahead by more treats a retry as reuse. If the clock of the node that
     * exchanged the token is ahead, the window is longer by that much, and at most twice as long. Default: 10 seconds.
     *
     * @param refreshGraceWindow zero to 24 hours
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder refreshGraceWindow(Duration refreshGraceWindow) {
        requireNonNull(refreshGraceWindow, "refreshGraceWindow");
        if (refreshGraceWindow.isNegative() || refreshGraceWindow.compareTo(MAX_GRACE_WINDOW) > 0) {
            throw new IllegalArgumentException("refreshGraceWindow must be 0 to 24 h, was " + refreshGraceWindow);
        }
        this.refreshGraceWindow = refreshGraceWindow;
        return this;
    }

    /**
     * Refuses a retry within the {@link #refreshGraceWindow} that comes from another device or network than the one
     * that used the refresh token. So a thief cannot follow the owner by presenting each token again. The refused
     * client gets {@link InvalidTokenException.Reason#RETRY_FROM_ELSEWHERE}, the session lives on, and listeners are
     * notified ({@link SessionListener#refreshRetryRefused}). If the thief was first, the owner is refused, so let a
     * listener warn the user or end the session. Requires {@link #refreshTokens}.
     *
     * <p>With {@link Novelty#NETWORK}, a phone that loses an answer because it changes its network must log in again.
     * So {@link Novelty#DEVICE} alone is the safer choice for phones. Both depend on the {@link ClientInfo} that the
     * application passes, and a thief can imitate the device's name. A client that leaves out what is known of the
     * session counts as another. Default: no retry is refused for this.
     *
     * @param differences the kinds of difference that are refused; none to accept them all
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder refuseRetriesFromAnother(Novelty... differences) {
        for (Novelty difference : requireNonNull(differences, "differences")) {
            requireNonNull(difference, "differences must not contain null");
        }
        this.refusedRetries = Set.copyOf(Arrays.asList(differences));
        return this;
    }

    /**
     * Switches sessions on that are bound to a key of their device ({@link ExperimentalBoundSessions}). Experimental:
     * may change in a minor release. Requires {@link #refreshTokens}: browsers that cannot bind a session refresh it,
     * and the challenges are made with the same secrets. If this setting is removed later, bound sessions cannot be
     * renewed. They stay in the lists until their timeouts. Default: no session is bound.
     *
     * @param deviceBinding the settings, for instance {@link ExperimentalDeviceBinding#defaults()}
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder deviceBinding(ExperimentalDeviceBinding deviceBinding) {
        this.deviceBinding = requireNonNull(deviceBinding, "deviceBinding");
        return this;
    }

    /**
     * Sets how the application's own claims are computed at each refresh, for instance from the user's current roles.
     * The function is called at least once per refresh, on the thread of the refresh. Of a change that another caller
     * makes at the same time it sees the attributes; a new label or activity it may miss. If it throws, the exception
     * reaches the caller, and the refresh token is not used up. Requires {@link #refreshTokens}. What only the login
     * knows goes into the session's attributes, which the function sees. Default: refreshed tokens carry no such
     * claims, and {@code issue} refuses claims, because the first refresh would drop them.
     *
     * @param claimsOnRefresh from the user id and the session to claims of the kind that {@code issue} takes, never
     *     null; thread-safe
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder claimsOnRefresh(
            BiFunction<String, Session, Map<String, ?>> claimsOnRefresh) {
        this.claimsOnRefresh = requireNonNull(claimsOnRefresh, "claimsOnRefresh");
        return this;
    }

    /**
     * Sets how many live sessions of each category a user may have, and what a login beyond that does. A session counts
     * only in its own category ({@link LoginOptions#withCategory}). The limit holds over all nodes on the same store if
     * all of them set one: simultaneous logins never leave more sessions. A login that is accepted also deletes the
     * user's expired records, of every category, by the clock of its node.
     *
     * <p>A lower limit takes effect at the user's next login. If more than 500 sessions must end for it, they end in
     * batches before the login is stored. Default: 100, and the least recently active session ends.
     *
     * @param sessionLimit the limit for every user and category; {@link SessionLimit#unlimited()} for none
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder sessionLimit(SessionLimit sessionLimit) {
        requireNonNull(sessionLimit, "sessionLimit");
        return sessionLimit((userId, category) -> sessionLimit);
    }

    /**
     * Sets how many live sessions a user may have, by user and category, for instance by the plan that the user pays
     * for. The function is called at each login that brings no limit of its own
     * ({@link LoginOptions#withSessionLimit}), on the thread of the login. If it throws, the exception reaches the
     * caller of {@code issue}, and nothing is stored.
     *
     * @param sessionLimit from the user id and the category to the limit, never null; thread-safe
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder sessionLimit(BiFunction<String, String, SessionLimit> sessionLimit) {
        this.sessionLimit = requireNonNull(sessionLimit, "sessionLimit");
        return this;
    }

    /**
     * Adds a listener, which is notified of changes to sessions after the listeners that were added before it. With a
     * listener, a login without a session limit first reads the user's sessions, to find out whether its device or
     * network is new. Default: none.
     *
     * @param listener the listener, for instance {@link SessionListener#logging()}
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder listener(SessionListener listener) {
        listeners.add(requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Sets what receives the figures of the service for a dashboard. A service that
     * {@link SessionAwareTokenService#withSessionStore} returns reports to the same metrics. Default:
     * {@link SessionMetrics#NOOP}.
     *
     * @param metrics the metrics, for instance {@code MicrometerSessionMetrics}; thread-safe
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder metrics(SessionMetrics metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
        return this;
    }

    /**
     * Accepts stateless tokens, which have no session id, while an application changes over to sessions.
     * {@code validate} still refuses them, but with the reason {@link InvalidTokenException.Reason#STATELESS}. A filter
     * can then accept the token with {@link SessionAwareTokenService#validateStateless}, or create a session for it
     * with {@link SessionAwareTokenService#migrateStateless}.
     *
     * <p>A stateless token must be valid in every other way: its key, its issuer, its expiry, and this service's
     * audience among its own. It must carry {@code iat}. Its {@code typ} must be {@code JWT}, or missing, or
     * {@code at+jwt} unless that is this service's {@link #tokenType}. A token with a claim {@code sid} counts as one
     * with a session id, whatever {@link #sessionIdClaim} is. If the token type is {@code JWT}, do not change
     * {@link #sessionIdClaim} during this time.
     *
     * <p>A stateless token cannot be revoked, so accept such tokens no longer than the old tokens live. Default:
     * stateless tokens are refused like any other invalid token.
     *
     * @param until from this millisecond on, by the service's clock, stateless tokens are refused again
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder acceptStatelessTokensUntil(Instant until) {
        this.statelessTokensUntil = requireNonNull(until, "until").truncatedTo(ChronoUnit.MILLIS);
        return this;
    }

    /**
     * Sets how many tokens the service remembers as verified. A cache hit costs a hash instead of a signature check,
     * and skips the checks of issuer and audience. Key, expiry and session are still checked each time. A token
     * certainly stays in the cache if fewer than half as many other tokens come between two of its requests. So pass
     * twice the number of tokens that are in use at the same time.
     *
     * <p>The cache keeps a token's SHA-256 and its text without the signature. An entry takes about 300 bytes and the
     * text, and three to four times as much once the application reads its claims: 0.7 KB and 3 KB for a token without
     * claims of the application, about 1.5 KB and 7 KB for one with thirty roles. Default: 10,000, or one token per 64
     * KB of the largest heap that this process may have, if that is less.
     *
     * @param verifiedTokenCacheSize zero or more; with zero, every token is verified each time
     * @return this builder
     * @throws IllegalArgumentException if the number is negative
     */
    public SessionAwareTokenServiceBuilder verifiedTokenCacheSize(int verifiedTokenCacheSize) {
        if (verifiedTokenCacheSize < 0) {
            throw new IllegalArgumentException(
                    "verifiedTokenCacheSize must not be negative, was " + verifiedTokenCacheSize);
        }
        this.verifiedTokenCacheSize = verifiedTokenCacheSize;
        return this;
    }

    /**
     * Lets {@code validate} accept a session without asking the store, while a read of this service that saw the
     * session began no longer ago than this. A revocation then works <b>on this node at once, on the others within this
     * time</b>. The same holds for every other change, such as a renewed authentication, a label or an attribute. With
     * zero, every validate asks the store, and a revocation works at the next request on every node.
     *
     * <p>Only a yes is answered from memory. A session that was not found, belongs to another user, has expired, or has
     * other tokens now is refused only after the store was asked. Only {@link SessionAwareTokenService#validate} uses
     * the memory, all other calls ask the store. Call {@link SessionAwareTokenService#revalidate} before something
     * dangerous. While the store is down, {@code validate} accepts what it has seen for this time, and then throws
     * {@link SessionStoreException}.
     *
     * <p>A node is one service that {@link #build} returned: two services in one process count as two nodes. The clocks
     * of the nodes need not agree. The service measures this time with the monotonic clock of the JVM, and asks the
     * store if the {@link #clock} does not agree to 50 milliseconds, for instance because it was set. So a clock that
     * ticks more coarsely makes this setting useless.
     *
     * <p>The memory takes at most about a sixteenth of the largest heap that this process may have, and holds at most
     * one session for every 16 KB of it. Sessions that are not in use make room for others. Default: zero.
     *
     * @param maxStaleness zero to one minute
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder maxStaleness(Duration maxStaleness) {
        requireNonNull(maxStaleness, "maxStaleness");
        if (maxStaleness.isNegative() || maxStaleness.compareTo(LONGEST_STALENESS) > 0) {
            throw new IllegalArgumentException("maxStaleness must be 0 to 60 s, was " + maxStaleness);
        }
        this.maxStaleness = maxStaleness;
        return this;
    }

    /**
     * Sets the clock, which is the service's only source of time, except that {@link #maxStaleness} is also measured
     * with the JVM's monotonic clock. Default: the system's clock, in UTC.
     *
     * @param clock a thread-safe source of the time, such as a {@link Clock}
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder clock(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /** Sets the monotonic clock, in nanoseconds from an arbitrary origin. */
    SessionAwareTokenServiceBuilder monotonicClock(LongSupplier monotonicClock) {
        this.monotonicClock = monotonicClock;
        return this;
    }

    /**
     * Sets the source of session ids and token ids. Default: {@code new SecureRandom()}.
     *
     * @param secureRandom a cryptographically strong, thread-safe source
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder secureRandom(SecureRandom secureRandom) {
        this.secureRandom = requireNonNull(secureRandom, "secureRandom");
        return this;
    }

    /**
     * Checks that the settings are complete and fit together, and creates the service.
     *
     * @return a service that later changes of this builder do not affect
     * @throws IllegalStateException if issuer, keys or session store is missing, or two settings contradict each other
     */
    public SessionAwareTokenService build() {
        ServiceSettings settings = settings();
        return new SessionAwareTokenService(settings, required(sessionStore, "sessionStore"));
    }

    ServiceSettings settings() {
        String givenIssuer = required(issuer, "issuer");
        Supplier<KeyRing> keys = keys();
        required(sessionStore, "sessionStore");
        requireOrder("idleTimeout", idleTimeout, "absoluteTimeout", absoluteTimeout);
        requireOrder("accessTokenLifetime", accessTokenLifetime, "absoluteTimeout", absoluteTimeout);
        if (activityInterval.compareTo(idleTimeout) >= 0) {
            throw new IllegalStateException("activityInterval (" + activityInterval
                    + ") must be less than idleTimeout (" + idleTimeout + "), or active sessions would expire");
        }
        requireRefreshTokens("refreshGraceWindow", refreshGraceWindow != null);
        requireRefreshTokens("claimsOnRefresh", claimsOnRefresh != null);
        requireRefreshTokens("refuseRetriesFromAnother", !refusedRetries.isEmpty());
        requireRefreshTokens("deviceBinding", deviceBinding != null);
        Duration boundAccessTokenLifetime =
                deviceBinding == null ? accessTokenLifetime : deviceBinding.accessTokenLifetime();
        requireOrder(
                "deviceBinding's accessTokenLifetime",
                boundAccessTokenLifetime,
                "accessTokenLifetime",
                accessTokenLifetime);
        Duration graceWindow = refreshGraceWindow == null ? DEFAULT_GRACE_WINDOW : refreshGraceWindow;
        if (!refreshSecrets.isEmpty() && !graceWindow.isZero() && leeway.compareTo(graceWindow) > 0) {
            throw new IllegalStateException("leeway (" + leeway + ") must not be longer than refreshGraceWindow ("
                    + graceWindow + "): a node whose clock is ahead by more than the window would treat a retry as"
                    + " reuse, and end the session");
        }
        if (!refreshSecrets.isEmpty()) {
            keys = new SeparateKeys(keys, refreshSecrets);
        }
        TokenCodec.Scope scope =
                new TokenCodec.Scope(givenIssuer, audiences.isEmpty() ? List.of(givenIssuer) : audiences);
        SessionMetrics guardedMetrics = GuardedMetrics.of(metrics);
        TokenCodec codec = new TokenCodec(
                keys,
                scope,
                Set.copyOf(former),
                tokenType,
                sessionIdClaim,
                leeway,
                statelessTokensUntil,
                verifiedTokenCacheSize,
                guardedMetrics);
        SessionLifetime lifetime = new SessionLifetime(
                accessTokenLifetime,
                boundAccessTokenLifetime,
                new SessionTimeouts(idleTimeout, absoluteTimeout),
                activityInterval,
                graceWindow);
        ServiceClock serviceClock = new ServiceClock(clock);
        return new ServiceSettings(
                codec,
                refreshSecrets.isEmpty()
                        ? null
                        : new RefreshTokens(refreshHashes(scope), claimsOnRefresh, refusedRetries, secureRandom),
                lifetime,
                serviceClock,
                secureRandom,
                sessionLimit,
                List.copyOf(listeners),
                guardedMetrics,
                recentReads(serviceClock, guardedMetrics),
                deviceBinding);
    }

    /** Returns null if the service asks the store at every request. */
    private @Nullable RecentReads recentReads(ServiceClock serviceClock, SessionMetrics guardedMetrics) {
        return maxStaleness.isZero()
                ? null
                : new RecentReads(
                        maxStaleness,
                        monotonicClock,
                        serviceClock,
                        RecentReads.memoryFor(maxStaleness, Runtime.getRuntime().maxMemory()),
                        guardedMetrics);
    }

    private Supplier<KeyRing> keys() {
        if (keyRing != null && signingKey != null) {
            throw new IllegalStateException("signingKey and keyRing exclude each other: call one of them");
        }
        if (keyRing != null) {
            return keyRing;
        }
        if (signingKey == null) {
            throw new IllegalStateException(
                    "The keys are missing: call signingKey(...) or keyRing(...) before build()");
        }
        KeyRing fixed = KeyRing.of(signingKey);
        return () -> fixed;
    }

    /** The first is that of the present secret, issuer and audience. */
    private List<RefreshHash> refreshHashes(TokenCodec.Scope scope) {
        return Stream.concat(Stream.of(scope), former.stream())
                .flatMap(each -> refreshSecrets.stream().map(secret -> new RefreshHash(secret, each)))
                .toList();
    }

    private static <T> T required(@Nullable T value, String setting) {
        if (value == null) {
            throw new IllegalStateException(setting + " is missing: call " + setting + "(...) before build()");
        }
        return value;
    }

    private void requireRefreshTokens(String setting, boolean isSet) {
        if (isSet && refreshSecrets.isEmpty()) {
            throw new IllegalStateException(setting + " needs refreshTokens(...), which was not called");
        }
    }

    private static void requireOrder(String name, Duration value, String limitName, Duration limit) {
        if (value.compareTo(limit) > 0) {
            throw new IllegalStateException(
                    name + " (" + value + ") must not be longer than " + limitName + " (" + limit + ")");
        }
    }
}
