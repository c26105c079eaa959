package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link SessionAwareTokenService}. {@link #issuer}, {@link #signingKey} or {@link #keyRing}, and
 * {@link #sessionStore} must be given. The order of calls does not matter, a setting given twice counts as given last,
 * and what {@link #build} returned never changes when the builder is used again.
 *
 * <p>Each setter throws {@link NullPointerException} for null and {@link IllegalArgumentException} for a value out of
 * its range; settings that contradict each other are refused by {@link #build}. Not thread-safe.
 */
public final class SessionAwareTokenServiceBuilder {
    private static final Duration MAX_LEEWAY = Duration.ofSeconds(60);
    static final int VERIFIED_TOKENS = 10_000;

    /** Eight times what the claims of a token take that is full of roles, so that all of them take an eighth. */
    private static final long HEAP_PER_VERIFIED_TOKEN = 64 * 1024;

    private static final Duration DEFAULT_GRACE_WINDOW = Duration.ofSeconds(10);
    private static final Duration MAX_GRACE_WINDOW = Duration.ofSeconds(60);

    private @Nullable String issuer;
    private @Nullable String audience;
    private @Nullable SigningKey signingKey;
    private @Nullable Supplier<KeyRing> keyRing;
    private Instant withoutSessionUntil = Instant.MIN;
    private @Nullable SessionStore sessionStore;
    private String sessionIdClaim = "sid";
    private String tokenType = "at+jwt";
    private Duration accessTokenLifetime = Duration.ofMinutes(15);
    private Duration idleTimeout = Duration.ofDays(14);
    private Duration absoluteTimeout = Duration.ofDays(30);
    private Duration activityInterval = Duration.ofMinutes(1);
    private Duration leeway = Duration.ZERO;
    private int verifiedTokens =
            (int) Math.min(VERIFIED_TOKENS, Runtime.getRuntime().maxMemory() / HEAP_PER_VERIFIED_TOKEN);
    private byte @Nullable [] refreshSecret;
    private @Nullable Duration refreshGraceWindow;
    private @Nullable Function<Session, Map<String, ?>> refreshedClaims;
    private @Nullable Function<String, SessionLimit> sessionLimit;
    private final List<SessionListener> listeners = new ArrayList<>();
    private InstantSource clock = Clock.systemUTC();
    private SecureRandom secureRandom = new SecureRandom();

    SessionAwareTokenServiceBuilder() {}

    /**
     * Sets who issues the tokens: the {@code iss} claim, which is also required of every token. No default.
     *
     * @param issuer usually the URL of the application, 1 to 255 code points, no control characters
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder issuer(String issuer) {
        this.issuer = Identifiers.requireValid(requireNonNull(issuer, "issuer"), "issuer");
        return this;
    }

    /**
     * Sets whom the tokens are for: the {@code aud} claim, which is also required of every token. Give services that
     * share a key different audiences, and none accepts the other's tokens. Default: the issuer.
     *
     * @param audience usually the URL of the API, 1 to 255 code points, no control characters
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder audience(String audience) {
        this.audience = Identifiers.requireValid(requireNonNull(audience, "audience"), "audience");
        return this;
    }

    /**
     * Sets the one key that signs and verifies. Only its algorithm is accepted. Either this or {@link #keyRing} is
     * needed.
     *
     * @param signingKey the key
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder signingKey(SigningKey signingKey) {
        this.signingKey = requireNonNull(signingKey, "signingKey");
        return this;
    }

    /**
     * Sets where the keys come from, so that they can be replaced while the service runs: it asks once for each token
     * that it issues or validates, on the caller's thread, and so must be quick: hold the ring in a field, such as an
     * {@code AtomicReference}, and let a schedule of the application's read the file, the database or the key service.
     * What it throws reaches the caller.
     *
     * @param keyRing gives the ring of the moment, never null; thread-safe
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder keyRing(Supplier<KeyRing> keyRing) {
        this.keyRing = requireNonNull(keyRing, "keyRing");
        return this;
    }

    /**
     * Sets where sessions are kept. Services on one store, with the same key, issuer and audience, accept each other's
     * tokens and see each other's revocations. No default.
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
            throw new IllegalArgumentException("sessionIdClaim must not be the registered claim " + sessionIdClaim);
        }
        this.sessionIdClaim = sessionIdClaim;
        return this;
    }

    /**
     * Sets the {@code typ} header, which is also required of every token, so that other kinds of token signed by the
     * same key are not mistaken for access tokens (RFC 8725, section 3.11). Default: {@code at+jwt}. That name is from
     * RFC 9068, whose {@code client_id} claim these tokens carry only if the application adds it.
     *
     * @param tokenType the type, 1 to 255 code points, no control characters
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder tokenType(String tokenType) {
        this.tokenType = Identifiers.requireValid(requireNonNull(tokenType, "tokenType"), "tokenType");
        return this;
    }

    /**
     * Sets how long an access token is accepted, at most until the absolute deadline of its session. The session is
     * checked at every request whatever this is, so a short lifetime limits only how long a stolen token is of use to
     * services that verify tokens without asking the store. Without {@link #refreshTokens} a token cannot be renewed:
     * when it ends, the user logs in again, and the session it leaves behind is listed until it expires. So where every
     * request asks the store, set it to the absolute timeout. Default: 15 minutes.
     *
     * @param accessTokenLifetime 1 second to the absolute timeout; {@code exp} has whole seconds and is rounded down
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder accessTokenLifetime(Duration accessTokenLifetime) {
        requireNonNull(accessTokenLifetime, "accessTokenLifetime");
        if (accessTokenLifetime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("accessTokenLifetime must be at least 1 s, was " + accessTokenLifetime);
        }
        this.accessTokenLifetime = SessionTimeouts.requireInRange(accessTokenLifetime, "accessTokenLifetime");
        return this;
    }

    /**
     * Sets after how long without activity a session expires (OWASP ASVS 5.0, 7.3.1), if its login has not set less
     * ({@link LoginOptions#withTimeouts}). Activity is recorded once per activity interval, so a session may expire
     * earlier than this after its last request, by up to that interval. A shorter one than before counts at once for
     * sessions that exist. Default: 14 days.
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
     * authentication, if its login has not set less ({@link LoginOptions#withTimeouts}). There is no way to switch it
     * off. A shorter one than before counts at once for sessions that exist. Default: 30 days.
     *
     * @param absoluteTimeout at most 3650 days
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder absoluteTimeout(Duration absoluteTimeout) {
        this.absoluteTimeout = SessionTimeouts.requireInRange(absoluteTimeout, "absoluteTimeout");
        return this;
    }

    /**
     * Sets how precisely activity is recorded: a session is written at most once per interval, however many requests it
     * makes. A session whose own idle timeout is no longer than this expires whatever its activity: choose it before
     * logins choose theirs. Default: 1 minute.
     *
     * @param activityInterval 1 millisecond or more, less than the idle timeout
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder activityInterval(Duration activityInterval) {
        this.activityInterval = SessionTimeouts.requireInRange(activityInterval, "activityInterval");
        return this;
    }

    /**
     * Sets by how much the clocks of the nodes may differ: a token is accepted for so long after its {@code exp}. The
     * session's own deadlines have no leeway. Default: zero, enough where one node issues and validates.
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
     * Gives refresh tokens: {@code issue} returns one beside the access token, and
     * {@link SessionAwareTokenService#refresh} exchanges it for new ones. The access token may then be short-lived.
     * Every use gives another token, and a token shown again ends its session (OAuth 2.0 Security, RFC 9700, section
     * 4.14.2). They are good for services with the same secret, issuer and audience, whatever their signing keys; with
     * a new secret users log in again. Default: no refresh tokens.
     *
     * @param secret at least 32 random bytes, the same on every node; copied. It must not be the secret of an HMAC
     *     signing key: {@link #build} refuses it. The store keeps hashes under a key that is derived from this secret
     * @return this builder
     * @throws IllegalArgumentException if the secret is shorter, or refused as by {@link SigningKey#hmac256}
     */
    public SessionAwareTokenServiceBuilder refreshTokens(byte[] secret) {
        this.refreshSecret = Secrets.requireStrong(secret, 32);
        return this;
    }

    /**
     * Sets for how long after its use a refresh token still leads to the same next one, so that two tabs at once, or a
     * client that lost the answer, go on. A thief gets the same chance. Zero: whoever comes second ends the session.
     * The nodes' clocks should differ by much less: one that is behind by more refuses a retry, one that is ahead by
     * more takes it for a copy. Default: 10 seconds.
     *
     * @param refreshGraceWindow zero to 60 seconds
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder refreshGraceWindow(Duration refreshGraceWindow) {
        requireNonNull(refreshGraceWindow, "refreshGraceWindow");
        if (refreshGraceWindow.isNegative() || refreshGraceWindow.compareTo(MAX_GRACE_WINDOW) > 0) {
            throw new IllegalArgumentException("refreshGraceWindow must be 0 to 60 s, was " + refreshGraceWindow);
        }
        this.refreshGraceWindow = refreshGraceWindow;
        return this;
    }

    /**
     * Sets how the application's own claims are made anew at each refresh, for instance from the roles the user has
     * now. Called once or more per refresh, on its thread; what it throws reaches the caller, and the refresh token is
     * not used up. Default: refreshed tokens carry none, whatever {@code issue} was given.
     *
     * @param refreshedClaims from the session to claims as {@code issue} takes them, never null; thread-safe
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder refreshedClaims(Function<Session, Map<String, ?>> refreshedClaims) {
        this.refreshedClaims = requireNonNull(refreshedClaims, "refreshedClaims");
        return this;
    }

    /**
     * Sets how many live sessions each user may have, and what a login beyond that does. Atomic over all nodes on the
     * same store, as long as all have a limit: simultaneous logins never leave more. A login that is let in also
     * removes records of the user that have expired, by its node's clock. Default: no limit, which costs nothing.
     *
     * @param sessionLimit the limit of every user
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder sessionLimit(SessionLimit sessionLimit) {
        requireNonNull(sessionLimit, "sessionLimit");
        return sessionLimit(userId -> sessionLimit);
    }

    /**
     * Sets how many live sessions a user may have, user by user, for instance after what they have paid for. Asked at
     * each login, on its thread, so that a lower limit counts at the user's next login; what it throws reaches the
     * caller of {@code issue}, and nothing is stored.
     *
     * @param sessionLimit from the user id to the limit, never null; thread-safe
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder sessionLimit(Function<String, SessionLimit> sessionLimit) {
        this.sessionLimit = requireNonNull(sessionLimit, "sessionLimit");
        return this;
    }

    /**
     * Adds somebody who is told of what happens to sessions, after those added before. Each login then reads the user's
     * sessions first, to find out what is new. Default: none.
     *
     * @param listener the listener, for instance {@link SessionListener#logging()}
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder listener(SessionListener listener) {
        listeners.add(requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Lets users of stateless tokens go on while an application changes over to sessions. A token that is right in
     * every other way (key, issuer, expiry, this service's audience among its own), was made with {@code iat}, and has
     * the {@code typ} {@code JWT}, {@code at+jwt} unless that is this service's {@link #tokenType}, or none, but has no
     * session id, is then refused with {@link InvalidTokenException.Reason#WITHOUT_SESSION}, which a filter may treat
     * otherwise; see {@link SessionAwareTokenService#adopt}. One with a claim {@code sid} has a session id, whatever
     * {@link #sessionIdClaim} says; leave that as it is where the token type is {@code JWT}. Such a token cannot be
     * taken back, so let the time be no longer than the old tokens live. Default: refused like any other token.
     *
     * @param until from this millisecond on, by the service's clock, they are refused again
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder acceptTokensWithoutSessionUntil(Instant until) {
        this.withoutSessionUntil = requireNonNull(until, "until").truncatedTo(ChronoUnit.MILLIS);
        return this;
    }

    /**
     * Sets of how many tokens the service remembers at most that their signature, issuer and audience are right, so
     * that one that comes again costs a hash and not a signature. Keys and expiry are looked at each time, and the
     * session is asked for each time. A token stays for certain while fewer than half as many others come between two
     * of its requests, so give twice as many as are in use at once. It is remembered by its SHA-256 and without its
     * signature, which takes about 300 bytes and the text, and once the application reads its claims three to four
     * times as much: 0.7 KB and 3 KB for a token without claims of the application's, some 1.5 KB and 7 KB with thirty
     * roles. Default: 10,000, or one for each 64 KB of the largest heap that this process may have, if that is less.
     *
     * @param verifiedTokens zero or more; zero verifies every token anew
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public SessionAwareTokenServiceBuilder verifiedTokens(int verifiedTokens) {
        if (verifiedTokens < 0) {
            throw new IllegalArgumentException("verifiedTokens must not be negative, was " + verifiedTokens);
        }
        this.verifiedTokens = verifiedTokens;
        return this;
    }

    /**
     * Sets the only clock that the service asks. Default: the system's, in UTC.
     *
     * @param clock a thread-safe source of the time; a {@link Clock} is one
     * @return this builder
     */
    public SessionAwareTokenServiceBuilder clock(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
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
     * Checks that the settings fit together and makes the service.
     *
     * @return a service that later changes of this builder do not reach
     * @throws IllegalStateException if issuer, keys or session store is missing, or two settings contradict each other
     */
    public SessionAwareTokenService build() {
        String givenIssuer = required(issuer, "issuer");
        Supplier<KeyRing> keys = keys();
        SessionStore store = required(sessionStore, "sessionStore");
        requireOrder("idleTimeout", idleTimeout, "absoluteTimeout", absoluteTimeout);
        requireOrder("accessTokenLifetime", accessTokenLifetime, "absoluteTimeout", absoluteTimeout);
        if (activityInterval.compareTo(idleTimeout) >= 0) {
            throw new IllegalStateException("activityInterval (" + activityInterval
                    + ") must be less than idleTimeout (" + idleTimeout + "), or active sessions would expire");
        }
        if (refreshSecret == null && (refreshGraceWindow != null || refreshedClaims != null)) {
            throw new IllegalStateException(
                    "refreshGraceWindow and refreshedClaims need refreshTokens(...), which was not called");
        }
        if (refreshSecret != null
                && requireNonNull(keys.get(), "keyRing returned null").contains(refreshSecret)) {
            throw new IllegalStateException("refreshTokens(...) was given the secret of a signing key: give it a secret"
                    + " of its own, or whoever reads one can forge both kinds of token");
        }
        String givenAudience = audience == null ? givenIssuer : audience;
        TokenCodec codec = new TokenCodec(
                keys,
                givenIssuer,
                givenAudience,
                tokenType,
                sessionIdClaim,
                leeway,
                withoutSessionUntil,
                verifiedTokens);
        SessionLifetime lifetime = new SessionLifetime(
                accessTokenLifetime,
                new SessionTimeouts(idleTimeout, absoluteTimeout),
                activityInterval,
                refreshGraceWindow == null ? DEFAULT_GRACE_WINDOW : refreshGraceWindow);
        ServiceSettings settings = new ServiceSettings(
                codec,
                refreshSecret == null ? null : new RefreshHash(refreshSecret, givenIssuer, givenAudience),
                lifetime,
                clock,
                secureRandom,
                sessionLimit,
                refreshedClaims == null ? session -> Map.of() : refreshedClaims,
                List.copyOf(listeners));
        return new SessionAwareTokenService(settings, store, Runnable::run);
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

    private static <T> T required(@Nullable T value, String setting) {
        if (value == null) {
            throw new IllegalStateException(setting + " is missing: call " + setting + "(...) before build()");
        }
        return value;
    }

    private static void requireOrder(String name, Duration value, String limitName, Duration limit) {
        if (value.compareTo(limit) > 0) {
            throw new IllegalStateException(
                    name + " (" + value + ") must not be longer than " + limitName + " (" + limit + ")");
        }
    }
}
