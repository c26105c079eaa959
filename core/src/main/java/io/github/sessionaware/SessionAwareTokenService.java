package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues access tokens that belong to a session record, and accepts a token only while its record exists. Ending the
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
 * <p>Every method that uses the store may throw {@link SessionStoreException}. The store could not answer then, so the
 * token is neither valid nor invalid. Every method refuses a user id with {@link IllegalArgumentException} if it is
 * null, blank, longer than 255 code points, or contains control characters or lone surrogates. A user id is never cut
 * or changed.
 *
 * <p>Immutable and thread-safe. It starts no threads, stores no sessions itself, and shares no state with other
 * services in the same JVM.
 */
public final class SessionAwareTokenService {
    private static final Logger log = LoggerFactory.getLogger(SessionAwareTokenService.class);

    private static final Comparator<Session> MOST_RECENTLY_ACTIVE_FIRST = Comparator.comparing(Session::lastActiveAt)
            .thenComparing(Session::createdAt)
            .reversed()
            .thenComparing(Session::id);

    /** Bounds every retry loop. A retry happens only after another caller has changed the same sessions. */
    private static final int MAX_ATTEMPTS = 100;

    private final ServiceSettings settings;
    private final GuardedStore store;
    private final SessionLifetime lifetime;
    private final Listeners listeners;
    private final TokenIssuer issuer;
    private final @Nullable Refresher refresher;

    /** The ids of the sessions whose activity this service is writing at this moment. */
    private final Set<String> touching = ConcurrentHashMap.newKeySet();

    SessionAwareTokenService(ServiceSettings settings, SessionStore store, Consumer<Runnable> dispatcher) {
        this.settings = settings;
        this.store = new GuardedStore(store);
        this.lifetime = settings.lifetime();
        this.listeners = new Listeners(settings.listeners(), dispatcher);
        this.issuer = new TokenIssuer(settings.codec(), lifetime, settings.random());
        this.refresher = settings.refreshHash() == null
                ? null
                : new Refresher(
                        issuer,
                        settings.refreshHash(),
                        this.store,
                        lifetime,
                        settings.refreshedClaims(),
                        listeners,
                        this::now);
    }

    /**
     * Starts the configuration of a service. Issuer, signing key (or key ring) and session store are required;
     * everything else has a default.
     *
     * @return a new builder, which is not thread-safe
     */
    public static SessionAwareTokenServiceBuilder builder() {
        return new SessionAwareTokenServiceBuilder();
    }

    /**
     * Returns a service that uses another store, with the same keys, claims, lifetimes, limits, listeners and clock.
     * Use it with a store that takes part in a transaction of the application, so that a password change and the end of
     * all other sessions are one commit.
     *
     * <p>Listeners are notified when a call returns, which is before that commit. If the service has listeners, use
     * {@link #withSessionStore(SessionStore, Consumer)} instead. Do not refresh tokens with the returned service: a
     * rollback would also undo the end of a session whose refresh token was reused.
     *
     * @param sessionStore the store that the returned service uses
     * @return a new service, as thread-safe as the store; this service does not change
     */
    public SessionAwareTokenService withSessionStore(SessionStore sessionStore) {
        return withSessionStore(sessionStore, Runnable::run);
    }

    /**
     * Returns a service that uses another store, and lets the application decide when the listeners are notified. The
     * consumer receives each notification as a {@code Runnable}: run it after the commit, or drop it after a rollback.
     * A list is sufficient: {@code list::add}, and after the commit {@code list.forEach(Runnable::run)}.
     *
     * @param sessionStore the store that the returned service uses
     * @param afterCommit receives the notifications
     * @return a new service, as thread-safe as the store and the consumer; this service does not change
     */
    public SessionAwareTokenService withSessionStore(SessionStore sessionStore, Consumer<Runnable> afterCommit) {
        return new SessionAwareTokenService(
                settings, requireNonNull(sessionStore, "sessionStore"), requireNonNull(afterCommit, "afterCommit"));
    }

    /**
     * Records a login and issues its tokens. Call it after the user has been authenticated.
     *
     * @param userId the user, 1 to 255 code points
     * @param client what is known about the device; {@link ClientInfo#unknown()} if nothing is known
     * @return the tokens for the client, and the new session
     * @throws IllegalArgumentException if the user id is refused; nothing is stored
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign; nothing is stored
     * @throws SessionLimitExceededException if the user has reached the session limit, and the limit refuses logins
     * @throws SessionStoreException if the store did not confirm the login. The login may have been recorded
     *     nevertheless, as a session whose token nobody received: it is listed until it expires or is revoked. Calling
     *     again is safe
     */
    public IssuedTokens issue(String userId, ClientInfo client) {
        return issue(userId, client, LoginOptions.none());
    }

    /**
     * Records a login with further options, and issues its tokens. Costs one write of the store. If the service has
     * listeners, it reads the user's sessions first. With a session limit, that read and the write are one step.
     *
     * @param userId the user, 1 to 255 code points
     * @param client what is known about the device; {@link ClientInfo#unknown()} if nothing is known
     * @param options claims for the token, the session's own timeouts, how the user was authenticated
     * @return the tokens for the client, and the new session
     * @throws IllegalArgumentException if the user id is refused; if a claim has a reserved name or an unsupported
     *     type; if the token would be longer than 8,192 characters or nested deeper than 64 levels, which
     *     {@code validate} would refuse; or if the session's own timeouts are longer than the service's, or their idle
     *     timeout is not longer than the activity interval. Nothing is stored
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign; nothing is stored
     * @throws SessionLimitExceededException if the user has reached the session limit, and the limit refuses logins
     * @throws SessionStoreException if the store did not confirm the login. The login may have been recorded
     *     nevertheless, as a session whose token nobody received: it is listed until it expires or is revoked. Calling
     *     again is safe
     */
    public IssuedTokens issue(String userId, ClientInfo client, LoginOptions options) {
        Identifiers.requireValid(userId, "userId");
        requireNonNull(client, "client");
        requireNonNull(options, "options");
        Instant now = now();
        return logIn(userId, client, options, now, now);
    }

    /**
     * Creates a session for a stateless token, which has no session id, and issues its replacement. This is the last
     * step of the change from stateless tokens to sessions
     * ({@link SessionAwareTokenServiceBuilder#acceptTokensWithoutSessionUntil}).
     *
     * <p>Works like {@code issue(userId, client, options)} for the token's user, with one difference: the token's
     * {@code iat} counts as the time of the authentication, even if the token was only renewed at that time. The
     * absolute timeout counts from it, and {@link AuthenticatedSession#requireAuthenticatedWithin} uses it. The claims
     * of the old token are not kept: pass the claims that the new token needs.
     *
     * <p>The old token stays valid until it expires or the service stops accepting stateless tokens. Each call creates
     * another session, so make the client replace its token.
     *
     * @param tokenWithoutSession the token as received
     * @param client what is known about the device
     * @param options as for {@code issue}
     * @return the tokens for the client, and the new session
     * @throws InvalidTokenException if the token is not such a token, if such tokens are no longer accepted, or if it
     *     was issued longer ago than the absolute timeout: the user must log in
     * @throws IllegalArgumentException as {@code issue} does; nothing is stored
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign; nothing is stored
     * @throws SessionLimitExceededException if the user has reached the session limit, and the limit refuses logins
     * @throws SessionStoreException if the store did not confirm the session; calling again is safe
     */
    public IssuedTokens adopt(@Nullable String tokenWithoutSession, ClientInfo client, LoginOptions options) {
        requireNonNull(client, "client");
        requireNonNull(options, "options");
        Instant now = now();
        DecodedJWT token = settings.codec().verifyWithoutSession(tokenWithoutSession, now);
        Instant madeAt = token.getIssuedAtAsInstant();
        return logIn(token.getSubject(), client, options, madeAt.isBefore(now) ? madeAt : now, now);
    }

    /**
     * Creates a session for a stateless token, without claims of the application. Calls {@link #adopt(String,
     * ClientInfo, LoginOptions)} with {@link LoginOptions#none()}.
     *
     * @param tokenWithoutSession the token as received
     * @param client what is known about the device
     * @return the tokens for the client, and the new session
     * @throws InvalidTokenException if the token is not such a token, if such tokens are no longer accepted, or if it
     *     was issued longer ago than the absolute timeout: the user must log in
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign; nothing is stored
     * @throws SessionLimitExceededException if the user has reached the session limit, and the limit refuses logins
     * @throws SessionStoreException if the store did not confirm the session; calling again is safe
     */
    public IssuedTokens adopt(@Nullable String tokenWithoutSession, ClientInfo client) {
        return adopt(tokenWithoutSession, client, LoginOptions.none());
    }

    /**
     * Verifies a stateless token, while the service accepts such tokens. The result has no session: it has no session
     * id, is not listed and cannot be revoked. The store is not used.
     *
     * @param tokenWithoutSession the token as received
     * @return the verified token; its subject is the user id
     * @throws InvalidTokenException if the token is not such a token, or such tokens are no longer accepted: answer 401
     */
    public DecodedJWT validateWithoutSession(@Nullable String tokenWithoutSession) {
        return settings.codec().verifyWithoutSession(tokenWithoutSession, now());
    }

    private IssuedTokens logIn(
            String userId, ClientInfo client, LoginOptions options, Instant authenticatedAt, Instant now) {
        String id = issuer.newId();
        RefreshToken refreshToken = newRefreshToken(id);
        Session session = lifetime.active(
                new Session(
                        id,
                        userId,
                        client,
                        null,
                        now,
                        now,
                        now,
                        new Authentication(authenticatedAt, options.authenticationMethods()),
                        ownTimeouts(options),
                        refreshState(refreshToken, userId, now)),
                now);
        if (authenticatedAt.isBefore(now) && !lifetime.isLive(session, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        IssuedTokens tokens = issuer.tokens(session, options.claims(), refreshToken, now);
        create(session, now);
        return tokens;
    }

    /**
     * Continues a session whose user has just been authenticated again, before a dangerous operation or because
     * {@link AuthenticatedSession#requireAuthenticatedWithin} asked for it. In one step the session gets a new id and
     * new tokens, and the old tokens are refused from then on (OWASP ASVS 5.0, 7.2.4). Login time, label and client
     * stay the same. The absolute timeout starts again.
     *
     * <p>Afterwards use the session of the returned tokens. The id of {@code current} no longer names a session, and
     * {@code revokeOtherSessions} with it would end the new session too. Costs one read and one write of the store.
     *
     * @param current the session, as {@code validate} returned it
     * @param options claims for the new token; timeouts that replace the session's own, if set; how the user was
     *     authenticated
     * @return the new tokens, and the session with its new id
     * @throws IllegalArgumentException as {@code issue} does; the session stays as it is
     * @throws IllegalStateException as {@code issue} does; the session stays as it is
     * @throws InvalidTokenException if the session has ended in the meantime: the user must log in
     * @throws SessionStoreException if the store did not confirm the change. Either the old tokens are still valid, or
     *     the change was made and nobody received the new tokens. In the second case the user must log in
     */
    public IssuedTokens reauthenticate(AuthenticatedSession current, LoginOptions options) {
        requireNonNull(current, "current");
        SessionTimeouts own = ownTimeouts(requireNonNull(options, "options"));
        return retryOnConflict(now -> {
            Session seen = liveSession(current.sessionId(), current.userId(), now);
            String id = issuer.newId();
            RefreshToken refreshToken = newRefreshToken(id);
            Session next = lifetime.active(
                    seen.reauthenticated(
                            id,
                            new Authentication(now, options.authenticationMethods()),
                            own == null ? seen.timeouts() : own,
                            refreshState(refreshToken, seen.userId(), now)),
                    now);
            IssuedTokens tokens = issuer.tokens(next, options.claims(), refreshToken, now);
            if (!store.replace(seen, next)) {
                return Optional.empty();
            }
            listeners.reauthenticated(seen, next);
            return Optional.of(tokens);
        });
    }

    /**
     * Exchanges a refresh token for a new access token and the next refresh token. Every use rotates the refresh token.
     * If several callers present the same token, on one node or on several, exactly one of them rotates it. While the
     * grace window lasts ({@link SessionAwareTokenServiceBuilder#refreshGraceWindow}), the other callers get the same
     * next token, and so does a client that lost the answer. After the window, or after the next token has been used,
     * presenting the old token means that two parties hold it. The session then ends at once, on every node.
     *
     * <p>A refresh counts as activity, never moves the absolute deadline, and keeps the session's user and audience.
     * Claims that were passed to {@code issue} are not kept: {@link SessionAwareTokenServiceBuilder#refreshedClaims}
     * computes the claims of the new token. Costs one read and one write of the store.
     *
     * @param refreshToken the token as received; null and blank count as missing
     * @param client what is known about the device now; its parts that are not null replace those of the session
     * @return the new tokens, and the session
     * @throws InvalidTokenException if the token is refused: answer 401, the user must log in. A guessed token ends no
     *     session
     * @throws SessionStoreException if the store cannot answer; the token may have been used up or not. Presenting it
     *     again within the grace window is safe. After a longer outage, presenting it again may end the session
     * @throws IllegalArgumentException if {@code issue} would refuse the computed claims; the token is not used up
     * @throws IllegalStateException if the service issues no refresh tokens, the key ring has no key that signs, or the
     *     key could not sign; the token is not used up
     */
    public IssuedTokens refresh(@Nullable String refreshToken, ClientInfo client) {
        requireNonNull(client, "client");
        if (refresher == null) {
            throw new IllegalStateException(
                    "This service issues no refresh tokens: call refreshTokens(...) on its builder");
        }
        RefreshToken presented = RefreshToken.parse(refreshToken);
        return retryOnConflict(now -> refresher.refresh(presented, client, now));
    }

    /**
     * Decides whether a request is authenticated: verifies the token, then checks in the store that its session still
     * exists. A token that fails verification causes no call of the store.
     *
     * <p>Costs one read of the store, and one write if the last recorded activity is at least one activity interval
     * old. If that write fails, the service logs a warning, the request is valid nevertheless, and the next request
     * tries again.
     *
     * @param accessToken the token as received, for instance from {@link BearerToken#from}; null and blank count as
     *     missing, and more than 8,192 characters as malformed
     * @return the live session of the token
     * @throws InvalidTokenException if the request is not authenticated: answer 401
     * @throws SessionStoreException if the store cannot answer: answer 503
     */
    public AuthenticatedSession validate(@Nullable String accessToken) {
        Instant now = now();
        PresentedToken token = settings.codec().verify(accessToken, now);
        Session session = liveSession(token.claims().sessionId(), token.claims().userId(), now);
        return new AuthenticatedSession(recordActivity(session, now), token, now);
    }

    /**
     * Returns the user's live sessions, for the "your devices" page.
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
     * Sets the label of a session: the name by which its user knows the device, shown in the list.
     *
     * @param userId the owner, from the authenticated session and not from the request
     * @param sessionId the session id from the request. If it does not name a session of this user, or is null, the
     *     result is false
     * @param label the name. It is cleaned like all text from clients, and must then have 1 to 64 code points, with a
     *     visible one among them. Null removes the label
     * @return true if it was this user's live session, which now has this label
     * @throws IllegalArgumentException if the user id or the label is refused
     * @throws SessionStoreException if the store cannot answer; calling again is safe
     */
    public boolean renameSession(String userId, @Nullable String sessionId, @Nullable String label) {
        Identifiers.requireValid(userId, "userId");
        String clean = Session.requireValidLabel(label);
        if (sessionId == null || !SessionIds.isWellFormed(sessionId)) {
            return false;
        }
        return retryOnConflict(now -> {
            Optional<Session> seen = store.find(sessionId)
                    .filter(session -> session.userId().equals(userId) && lifetime.isLive(session, now));
            return seen.isEmpty() || store.replace(seen.get(), seen.get().renamed(clean))
                    ? Optional.of(seen.isPresent())
                    : Optional.empty();
        });
    }

    /**
     * Logs one device out by ending its session. After this method has returned, no {@code validate} that begins later
     * succeeds for the session.
     *
     * @param userId the owner, from the authenticated session and not from the request
     * @param sessionId the session id from the request. If it does not name a session of this user, or is null, the
     *     result is false
     * @return true if this call ended a live session of this user. False also means that no such session is left, for
     *     instance because an earlier call ended it and its answer was lost
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revokeSession(String userId, @Nullable String sessionId) {
        return revokeSession(userId, sessionId, EndCause.UNSPECIFIED);
    }

    /**
     * Logs one device out by ending its session, for a given cause.
     *
     * @param userId the owner, from the authenticated session and not from the request
     * @param sessionId the session id from the request
     * @param cause the cause that the listeners receive
     * @return the same as {@link #revokeSession(String, String)}
     * @throws IllegalArgumentException if the user id is refused, or only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revokeSession(String userId, @Nullable String sessionId, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        EndCause.requireGivenByApplications(cause);
        if (sessionId == null || !SessionIds.isWellFormed(sessionId)) {
            return false;
        }
        return ended(store.delete(userId, sessionId).stream().toList(), cause) == 1;
    }

    /**
     * Logs out all of the user's devices except one.
     *
     * @param userId the owner
     * @param keptSessionId the id of the session that stays, usually {@link AuthenticatedSession#sessionId()}. If it
     *     does not name a session of this user, all of the user's sessions end
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeOtherSessions(String userId, String keptSessionId) {
        return revokeOtherSessions(userId, keptSessionId, EndCause.UNSPECIFIED);
    }

    /**
     * Logs out all of the user's devices except one, for a given cause.
     *
     * @param userId the owner
     * @param keptSessionId the id of the session that stays
     * @param cause the cause that the listeners receive
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, or only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeOtherSessions(String userId, String keptSessionId, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        requireNonNull(keptSessionId, "keptSessionId");
        EndCause.requireGivenByApplications(cause);
        return SessionIds.isWellFormed(keptSessionId)
                ? ended(store.deleteOthers(userId, keptSessionId), cause)
                : revokeAllSessions(userId, cause);
    }

    /**
     * Logs out all of the user's devices. When this method returns, every login that was acknowledged before the call
     * has ended. A login that begins after the return stays. A login at the same time as the call may stay, and is then
     * listed.
     *
     * @param userId the owner
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeAllSessions(String userId) {
        return revokeAllSessions(userId, EndCause.UNSPECIFIED);
    }

    /**
     * Logs out all of the user's devices, for a given cause.
     *
     * @param userId the owner
     * @param cause the cause that the listeners receive
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, or only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeAllSessions(String userId, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        EndCause.requireGivenByApplications(cause);
        return ended(store.deleteAll(userId), cause);
    }

    /**
     * Logs out the devices on which the user logged in before a given time, for instance when the password was changed
     * elsewhere. The time of the login counts, not that of a later {@code reauthenticate}. Costs one read of the user's
     * sessions. If it finds some, it costs another read, and one delete per session that ends.
     *
     * @param userId the owner
     * @param instant a session that was created in this millisecond or later stays
     * @param cause the cause that the listeners receive
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, or only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeSessionsCreatedBefore(String userId, Instant instant, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        requireNonNull(instant, "instant");
        EndCause.requireGivenByApplications(cause);
        Instant border = instant.truncatedTo(ChronoUnit.MILLIS);
        int ended = 0;
        for (int attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
            List<Session> before = store.list(userId).stream()
                    .filter(session -> session.createdAt().isBefore(border))
                    .toList();
            if (before.isEmpty()) {
                return ended;
            }
            // The next read finds a session that was reauthenticated in the meantime, under its new id.
            for (Session session : before) {
                ended += ended(store.delete(userId, session.id()).stream().toList(), cause);
            }
        }
        // A transaction of the application may read a snapshot in which sessions that others ended still exist.
        throw new SessionStoreException(
                "The session store still lists sessions that have ended; if it reads in a transaction, begin a new"
                        + " one");
    }

    /**
     * Deletes the records of sessions that expired a day ago or earlier. This only frees space in the store: no answer
     * of this service depends on it. Call it from a scheduler, for instance every hour. Calling it on several nodes at
     * once is harmless. The delay of a day protects against clock differences: a node whose clock is ahead by less than
     * a day deletes nothing that is live on another node.
     *
     * @return how many records were deleted
     * @throws SessionStoreException if the store cannot answer; the next scheduled call tries again
     */
    public int purgeExpiredSessions() {
        return store.purge(lifetime.purgeBorder(now()));
    }

    private void create(Session session, Instant now) {
        if (settings.limit() != null) {
            createLimited(
                    session,
                    requireNonNull(settings.limit().apply(session.userId()), "sessionLimit returned null"),
                    now);
            return;
        }
        List<Session> earlier = listeners.isEmpty() ? List.of() : store.list(session.userId());
        store.create(session);
        listeners.created(session, earlier);
    }

    private void createLimited(Session session, SessionLimit limit, Instant now) {
        List<Session> earlier = new ArrayList<>();
        List<Session> removed = store.createLimited(session, present -> {
                    earlier.clear();
                    earlier.addAll(present);
                    Map<Boolean, List<Session>> byLife =
                            present.stream().collect(Collectors.partitioningBy(other -> lifetime.isLive(other, now)));
                    // Delete expired sessions too. Otherwise a late touch could revive one and exceed the limit.
                    return limit.makeRoom(byLife.getOrDefault(true, List.of()))
                            .map(leaving -> concat(leaving, byLife.getOrDefault(false, List.of())));
                })
                .orElseThrow(() -> new SessionLimitExceededException(limit.sessions()));
        removed.stream()
                .filter(ended -> lifetime.isLive(ended, now))
                .forEach(ended -> listeners.ended(ended, EndCause.SESSION_LIMIT));
        listeners.created(session, earlier);
    }

    private static List<Session> concat(List<Session> some, List<Session> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private Session liveSession(String sessionId, String userId, Instant now) {
        Session session = store.find(sessionId)
                .filter(found -> found.userId().equals(userId))
                .orElseThrow(() -> new InvalidTokenException(Reason.SESSION_ENDED));
        if (!lifetime.isLive(session, now)) {
            throw new InvalidTokenException(Reason.SESSION_EXPIRED);
        }
        return session;
    }

    private @Nullable RefreshToken newRefreshToken(String sessionId) {
        return refresher == null ? null : issuer.newRefreshToken(sessionId);
    }

    private @Nullable String refreshState(@Nullable RefreshToken token, String userId, Instant now) {
        return token == null || refresher == null ? null : refresher.firstState(token, userId, now);
    }

    private @Nullable SessionTimeouts ownTimeouts(LoginOptions options) {
        return options.timeouts() == null ? null : lifetime.requireWithinLimits(options.timeouts());
    }

    /**
     * When several requests read the same record, one of them writes its activity. On this node the others skip the
     * write. On other nodes their conditional update fails, which is harmless. A session that was revoked since it was
     * read stays revoked, because a touch changes only an existing record.
     */
    private Session recordActivity(Session session, Instant now) {
        if (!lifetime.touchIsDue(session, now) || !touching.add(session.id())) {
            return session;
        }
        try {
            Session active = lifetime.active(session, now);
            return store.touch(session, active.lastActiveAt(), active.expiresAt()) ? active : session;
        } catch (SessionStoreException e) {
            // The warning has no stack trace, because every request repeats it until the store can write again.
            Warnings.log(
                    log,
                    "The session store could not record activity; the request continues: {}, cause: {}",
                    e,
                    "" + e.getCause());
            return session;
        } finally {
            touching.remove(session.id());
        }
    }

    private int ended(List<Session> removed, EndCause cause) {
        Instant now = now();
        List<Session> live = removed.stream()
                .filter(session -> lifetime.isLive(session, now))
                .toList();
        live.forEach(session -> listeners.ended(session, cause));
        return live.size();
    }

    /** Repeats an attempt while it returns empty, which means that another caller changed the session first. */
    private <T> T retryOnConflict(Function<Instant, Optional<T>> attempt) {
        for (int attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
            Optional<T> result = attempt.apply(now());
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new SessionStoreException(
                "Other callers changed the session at each of " + MAX_ATTEMPTS + " attempts to change it; try again");
    }

    private Instant now() {
        return settings.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
