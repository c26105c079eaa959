package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues access tokens that stand for a session record, and accepts them only while that record exists. Ending the
 * session logs its device out at its next request, on every node that shares the store.
 *
 * <pre>{@code
 * SessionAwareTokenService tokens = SessionAwareTokenService.builder()
 *         .issuer("https://shop.example")
 *         .signingKey(SigningKey.hmac256(secret))
 *         .sessionStore(new InMemorySessionStore())
 *         .build();
 *
 * IssuedTokens issued = tokens.issue("user-42", ClientInfo.builder().device("Firefox on Linux").build());
 * AuthenticatedSession current = tokens.validate(issued.accessToken());
 * tokens.revokeSession("user-42", current.sessionId());
 * }</pre>
 *
 * <p>Whatever is asked of the store may fail with {@link SessionStoreException}: an outage is neither a valid nor an
 * invalid token. A user id that is null, blank, over 255 code points, or holds control characters or lone surrogates is
 * refused everywhere with {@link IllegalArgumentException}; it is never cut or folded.
 *
 * <p>Immutable and thread-safe. It starts no threads, keeps no session itself and has no state in common with other
 * services in the same JVM.
 */
public final class SessionAwareTokenService {
    private static final Logger log = LoggerFactory.getLogger(SessionAwareTokenService.class);

    private static final Comparator<Session> MOST_RECENTLY_ACTIVE_FIRST = Comparator.comparing(Session::lastActiveAt)
            .thenComparing(Session::createdAt)
            .reversed()
            .thenComparing(Session::id);

    private final TokenCodec codec;
    private final GuardedStore store;
    private final SessionLifetime lifetime;
    private final InstantSource clock;
    private final SecureRandom random;
    private final @Nullable Function<Session, Map<String, ?>> refreshedClaims;
    private final @Nullable Refresher refresher;

    /** Without the function for refreshed claims there are no refresh tokens. */
    SessionAwareTokenService(
            TokenCodec codec,
            SessionStore store,
            SessionLifetime lifetime,
            InstantSource clock,
            SecureRandom random,
            @Nullable Function<Session, Map<String, ?>> refreshedClaims) {
        this.codec = codec;
        this.store = new GuardedStore(store);
        this.lifetime = lifetime;
        this.clock = clock;
        this.random = random;
        this.refreshedClaims = refreshedClaims;
        this.refresher = refreshedClaims == null
                ? null
                : new Refresher(codec, this.store, lifetime, clock, random, refreshedClaims);
    }

    /**
     * Begins the configuration of a service. Issuer, signing key and session store must be given; everything else has a
     * default.
     *
     * @return a new builder, to be used by one thread
     */
    public static SessionAwareTokenServiceBuilder builder() {
        return new SessionAwareTokenServiceBuilder();
    }

    /**
     * The same service on another store: the same key, claims, lifetimes and clock. Made for one that takes part in a
     * transaction of the application's, so that a change of the password and the end of all other sessions are one
     * commit.
     *
     * @param sessionStore the store that the returned service asks
     * @return a new service, as thread-safe as the store; this one goes on as it is
     */
    public SessionAwareTokenService withSessionStore(SessionStore sessionStore) {
        return new SessionAwareTokenService(
                codec, requireNonNull(sessionStore, "sessionStore"), lifetime, clock, random, refreshedClaims);
    }

    /**
     * Records a login and issues its token. Call it after the user has been authenticated.
     *
     * @param userId the user, 1 to 255 code points
     * @param client what is known of the device; {@link ClientInfo#unknown()} if nothing is
     * @return the token for the client, and the session behind it
     * @throws IllegalArgumentException if the user id is refused; nothing is stored
     * @throws SessionStoreException if the store did not confirm the login. It may have been recorded all the same, as
     *     a session whose token nobody has: it is listed until it expires or is revoked. To log in again is safe
     */
    public IssuedTokens issue(String userId, ClientInfo client) {
        return issue(userId, client, Map.of());
    }

    /**
     * Records a login and issues its token with claims of the application's own.
     *
     * @param userId the user, 1 to 255 code points
     * @param client what is known of the device; {@link ClientInfo#unknown()} if nothing is
     * @param claims more claims for the token: String, Boolean, Integer, Long, Double, Instant, Date, and lists and
     *     maps of them. Readable by whoever holds the token. What JSON cannot hold, such as NaN or a lone surrogate,
     *     arrives changed
     * @return the token for the client, and the session behind it
     * @throws IllegalArgumentException if the user id is refused, or a claim has a name or a type that it may not have,
     *     or the token would become longer than the 8,192 characters that {@code validate} accepts; nothing is stored
     * @throws SessionStoreException if the store did not confirm the login. It may have been recorded all the same, as
     *     a session whose token nobody has: it is listed until it expires or is revoked. To log in again is safe
     */
    public IssuedTokens issue(String userId, ClientInfo client, Map<String, ?> claims) {
        Identifiers.requireValid(userId, "userId");
        requireNonNull(client, "client");
        requireNonNull(claims, "claims");
        Instant now = now();
        String id = SessionIds.generate(random);
        RefreshToken refreshToken = refresher == null ? null : RefreshToken.first(id, random);
        Session session = new Session(
                id,
                userId,
                client,
                now,
                now,
                lifetime.sessionExpiry(now, now),
                refreshToken == null
                        ? null
                        : RefreshState.first(refreshToken, now).encoded());
        Instant expiresAt = lifetime.accessTokenExpiry(session, now);
        String accessToken = codec.encode(session, claims, SessionIds.generate(random), now, expiresAt);
        store.create(session);
        return new IssuedTokens(accessToken, expiresAt, refreshToken == null ? null : refreshToken.encoded(), session);
    }

    /**
     * Exchanges a refresh token for a new access token and the next refresh token. Every use rotates, and of callers
     * with the same token, on all nodes together, exactly one rotates; the others, and a client that lost the answer,
     * get the same next token while the grace window lasts
     * ({@link SessionAwareTokenServiceBuilder#refreshGraceWindow}). After that, or when the next token has been used,
     * showing the old one again means that two parties hold it: the session ends at once, on every node.
     *
     * <p>Counts as activity, never moves the absolute deadline, and takes the session's user and audience as they are.
     * Claims that {@code issue} was given are not kept: they are made anew by
     * {@link SessionAwareTokenServiceBuilder#refreshedClaims}. Costs one read and one write of the store.
     *
     * @param refreshToken the token as it came; null and blank count as missing
     * @param client what is known of the device now: what is not null is from now on shown for the session
     * @return the new tokens, and the session
     * @throws InvalidTokenException if the token is refused: answer 401, the user must log in. A guess ends nothing
     * @throws SessionStoreException if the store cannot answer; the token may have been used up or not. To present it
     *     again within the grace window is safe; where outages last longer, a session may end by that
     * @throws IllegalArgumentException if the recomputed claims are refused as by {@code issue}; nothing is used up
     * @throws IllegalStateException if the service gives no refresh tokens
     */
    public IssuedTokens refresh(@Nullable String refreshToken, ClientInfo client) {
        requireNonNull(client, "client");
        if (refresher == null) {
            throw new IllegalStateException(
                    "This service gives no refresh tokens: call refreshTokens() on its builder");
        }
        return refresher.refresh(refreshToken, client);
    }

    /**
     * Decides whether a request is authenticated: verifies the token, then asks the store whether its session still
     * exists. A token that fails verification never reaches the store. Costs one read of the store, and one write when
     * the last recorded activity is an activity interval old; if that write fails a warning is logged, the request is
     * valid all the same, and the next one tries again.
     *
     * @param accessToken the token as it came, for instance from {@link BearerToken#from}; null and blank count as
     *     missing, and more than 8,192 characters as malformed
     * @return the live session behind the token
     * @throws InvalidTokenException if the request is not authenticated: answer 401
     * @throws SessionStoreException if the store cannot answer: answer 503
     */
    public AuthenticatedSession validate(@Nullable String accessToken) {
        Instant now = now();
        DecodedJWT token = codec.verify(accessToken, now);
        Session session = store.find(codec.sessionId(token))
                .filter(found -> found.userId().equals(token.getSubject()))
                .orElseThrow(() -> new InvalidTokenException(Reason.SESSION_ENDED));
        if (!lifetime.isLive(session, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        return new AuthenticatedSession(recordActivity(session, now), token);
    }

    /**
     * The user's live sessions, for the "your devices" page.
     *
     * @param userId the user
     * @return an immutable list, most recently active first
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer
     */
    public List<Session> listSessions(String userId) {
        Identifiers.requireValid(userId, "userId");
        Instant now = now();
        return store.list(userId).stream()
                .filter(session -> lifetime.isLive(session, now))
                .sorted(MOST_RECENTLY_ACTIVE_FIRST)
                .toList();
    }

    /**
     * Logs one device out. Once this has returned, no validate that begins afterwards succeeds for the session.
     *
     * @param userId the owner, from the authenticated session and not from the request
     * @param sessionId the session to end, as it came in the request; anything that is not an id of a session of this
     *     user, null included, is answered alike
     * @return true if it was this user's live session, and this call ended it. False too says that no such session is
     *     left, as after an earlier call whose answer was lost
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revokeSession(String userId, @Nullable String sessionId) {
        Identifiers.requireValid(userId, "userId");
        if (sessionId == null || !SessionIds.isWellFormed(sessionId)) {
            return false;
        }
        Optional<Session> removed = store.delete(userId, sessionId);
        return countLive(removed.stream().toList()) == 1;
    }

    /**
     * Logs out all of the user's devices but one.
     *
     * @param userId the owner
     * @param keptSessionId the session that stays, usually {@link AuthenticatedSession#sessionId()}; if it is not one
     *     of this user's sessions, all of them end
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; some may have ended: call again
     */
    public int revokeOtherSessions(String userId, String keptSessionId) {
        Identifiers.requireValid(userId, "userId");
        requireNonNull(keptSessionId, "keptSessionId");
        return SessionIds.isWellFormed(keptSessionId)
                ? countLive(store.deleteOthers(userId, keptSessionId))
                : revokeAllSessions(userId);
    }

    /**
     * Logs out all of the user's devices, for instance after a change of the password. A login that happens at the same
     * time may stay.
     *
     * @param userId the owner
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; some may have ended: call again
     */
    public int revokeAllSessions(String userId) {
        Identifiers.requireValid(userId, "userId");
        return countLive(store.deleteAll(userId));
    }

    /**
     * Removes the records of sessions that expired a day ago or earlier. It changes no answer of this service, only the
     * space the store needs. Call it from a scheduler, every hour or so; on several nodes at once does no harm. The day
     * is there for nodes whose clocks disagree: one that is ahead by less than a day removes nothing that is live for
     * another.
     *
     * @return how many records were removed
     * @throws SessionStoreException if the store cannot answer; call again at the next turn
     */
    public int purgeExpiredSessions() {
        return store.purge(lifetime.purgeBorder(now()));
    }

    /**
     * Of requests that saw the same record one writes, the others lose and that is enough. A session that was revoked
     * since it was read stays revoked, because a touch changes only what still exists.
     */
    private Session recordActivity(Session session, Instant now) {
        if (!lifetime.touchIsDue(session, now)) {
            return session;
        }
        Session active = session.touched(now, lifetime.sessionExpiry(session.createdAt(), now));
        try {
            return store.touch(session, active.lastActiveAt(), active.expiresAt()) ? active : session;
        } catch (SessionStoreException e) {
            // One line, because it comes with every request until the store can write again.
            log.warn(
                    "The session store could not record activity; the request goes on: {}, cause: {}",
                    e,
                    "" + e.getCause());
            return session;
        }
    }

    private int countLive(List<Session> removed) {
        Instant now = now();
        return (int) removed.stream()
                .filter(session -> lifetime.isLive(session, now))
                .count();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
