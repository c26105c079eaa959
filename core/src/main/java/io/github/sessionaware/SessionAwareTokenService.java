package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Issues access tokens that belong to a session record, and accepts a token only while its record exists. Ending the
 * session logs its device out at its next request, on every node that shares the store. With
 * {@link SessionAwareTokenServiceBuilder#maxStaleness} it does so on this node at once, on the others within that
 * bound.
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
 * tokens.revoke(current);
 * }</pre>
 *
 * <p>Every method that uses the store may throw {@link SessionStoreException}. The store could not answer then, so the
 * token is neither valid nor invalid. Every method refuses a user id with {@link IllegalArgumentException} if it is
 * null, blank, longer than 255 code points, or contains control characters or lone surrogates. A login also refuses one
 * that begins with {@code stateless-token:}. A user id is never cut or changed.
 *
 * <p>Every method that takes an {@link AuthenticatedSession} acts on the sessions of its user. If another service has
 * validated it, and its token has an issuer, an audience or a type that this service does not accept, the method
 * refuses it with {@link IllegalArgumentException}.
 *
 * <p>Immutable and thread-safe. It starts no threads, stores no sessions itself, and shares no state with other
 * services in the same JVM.
 */
public final class SessionAwareTokenService {
    private static final Comparator<SessionRecord> MOST_RECENTLY_ACTIVE_FIRST = Comparator.comparing(
                    SessionRecord::lastActiveAt)
            .thenComparing(SessionRecord::createdAt)
            .reversed()
            .thenComparing(SessionRecord::id);

    private final ServiceSettings settings;
    private final GuardedStore store;
    private final TokenCodec codec;
    private final SessionLifetime lifetime;
    private final ServiceClock clock;
    private final Listeners listeners;
    private final SessionMetrics metrics;
    private final TokenIssuer issuer;
    private final LiveSessions live;
    private final Activity activity;
    private final Endings endings;
    private final Logins logins;
    private final MigratedSessions migrated;
    private final @Nullable Refresher refresher;
    private final @Nullable ExperimentalBoundSessions boundSessions;

    SessionAwareTokenService(ServiceSettings settings, SessionStore sessionStore) {
        this(settings, sessionStore, Runnable::run, null);
    }

    /**
     * Creates a service that evicts from the recent reads of the settings what it changes.
     *
     * @param origin the service that also refreshes tokens for this one, which then answers from no recent read; null
     *     if this service stands for itself
     */
    private SessionAwareTokenService(
            ServiceSettings settings,
            SessionStore sessionStore,
            Consumer<Runnable> dispatcher,
            @Nullable SessionAwareTokenService origin) {
        this.settings = settings;
        metrics = settings.metrics();
        RecentReads changed = settings.recentReads();
        store = new GuardedStore(changed == null ? sessionStore : changed.evicting(sessionStore, dispatcher), metrics);
        codec = settings.codec();
        lifetime = settings.lifetime();
        clock = settings.clock();
        listeners = new Listeners(settings.listeners(), dispatcher);
        issuer = new TokenIssuer(codec, lifetime, settings.random());
        RecentReads consulted = origin == null ? changed : null;
        live = new LiveSessions(store, lifetime, consulted);
        activity = new Activity(store, lifetime, consulted);
        endings = new Endings(store, lifetime, listeners, clock);
        if (origin != null) {
            refresher = origin.refresher;
            boundSessions = origin.boundSessions;
        } else if (settings.refreshTokens() != null) {
            refresher =
                    new Refresher(issuer, settings.refreshTokens(), store, live, lifetime, endings, listeners, clock);
            boundSessions = settings.deviceBinding() == null
                    ? null
                    : new ExperimentalBoundSessions(settings.deviceBinding(), refresher, codec, metrics);
        } else {
            refresher = null;
            boundSessions = null;
        }
        logins = new Logins(
                issuer, lifetime, store, listeners, endings, settings.limit(), settings.refreshTokens(), metrics);
        migrated = new MigratedSessions(logins, issuer, live, store, refresher);
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
     * Returns a service that uses another store, with the same keys, claims, lifetimes, limits, listeners, metrics and
     * clock. Use it with a store that takes part in a transaction of the application, so that a password change and the
     * end of all other sessions are one commit.
     *
     * <p>{@link #refresh}, {@link #revokeByRefreshToken} and the calls of {@link #boundSessions} of the returned
     * service keep the store of this service, and notify its listeners as this service does. Otherwise a rollback would
     * also undo the end of a session whose refresh token was reused, or make a used challenge of a device usable again.
     * So they see nothing of a transaction before its commit.
     *
     * <p>Listeners are notified when a call returns, which is before that commit. If the service has listeners, use
     * {@link #withSessionStore(SessionStore, Consumer)} instead. Do the same if it has a
     * {@link SessionAwareTokenServiceBuilder#maxStaleness}.
     *
     * @param sessionStore the store that the returned service uses, except for refresh tokens and bound sessions
     * @return a new service, as thread-safe as the store; this service does not change
     */
    public SessionAwareTokenService withSessionStore(SessionStore sessionStore) {
        return withSessionStore(sessionStore, Runnable::run);
    }

    /**
     * Returns a service that uses another store, except for refresh tokens and bound sessions, as the other method
     * does. It lets the application decide when the listeners are notified. The consumer receives each notification as
     * a {@code Runnable}: run it after the commit, or drop it after a rollback. A list is sufficient:
     * {@code list::add}, and after the commit {@code list.forEach(Runnable::run)}.
     *
     * <p>The returned service reads only its own store. With a {@link SessionAwareTokenServiceBuilder#maxStaleness},
     * the consumer also receives what makes this service forget the sessions that the transaction changed. A change
     * then works on this node once these were run after the commit, on the others within the bound after the commit.
     * Without them, this node is like the others.
     *
     * @param sessionStore the store that the returned service uses, except for refresh tokens and bound sessions
     * @param afterCommit receives the notifications
     * @return a new service, as thread-safe as the store and the consumer; this service does not change
     */
    public SessionAwareTokenService withSessionStore(SessionStore sessionStore, Consumer<Runnable> afterCommit) {
        return new SessionAwareTokenService(
                settings,
                requireNonNull(sessionStore, "sessionStore"),
                requireNonNull(afterCommit, "afterCommit"),
                this);
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
     *     nevertheless, as a session whose token nobody received: it is listed and counts for the limit until it
     *     expires or is revoked. Calling again creates another session
     */
    public IssuedTokens issue(String userId, ClientInfo client) {
        return issue(userId, client, LoginOptions.defaults());
    }

    /**
     * Records a login with further options, and issues its tokens. Costs one call of the store, which counts the user's
     * sessions and adds the new one. Without a session limit it only adds the session, and if the service has
     * listeners, it reads the user's sessions first.
     *
     * @param userId the user, 1 to 255 code points
     * @param client what is known about the device; {@link ClientInfo#unknown()} if nothing is known
     * @param options claims for the token, the session's own timeouts, how the user was authenticated, and more
     * @return the tokens for the client, and the new session
     * @throws IllegalArgumentException if the user id is refused; if a claim has a reserved name or an unsupported
     *     type, or the first refresh would drop the claims; if the token would be longer than 8,192 characters or
     *     nested deeper than 64 levels, which {@code validate} would refuse; if the session's own timeouts are longer
     *     than the service's, or their idle timeout is not longer than the activity interval; or if the time of the
     *     authentication is in the future or too long ago. Nothing is stored
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign; nothing is stored
     * @throws LoginRefusedException if the application no longer allows the login
     *     ({@link LoginOptions#withStillAllowed}); its session has ended
     * @throws SessionLimitExceededException if the user has reached the session limit, and the limit refuses logins
     * @throws SessionStoreException if the store did not confirm the login. The login may have been recorded
     *     nevertheless, as a session whose token nobody received: it is listed and counts for the limit until it
     *     expires or is revoked. Calling again creates another session
     */
    public IssuedTokens issue(String userId, ClientInfo client, LoginOptions options) {
        Identifiers.requireValid(userId, "userId");
        requireNonNull(client, "client");
        requireNonNull(options, "options");
        return logins.logIn(userId, client, options, clock.now());
    }

    /**
     * Decides whether a request is authenticated: verifies the token, then checks in the store that its session still
     * exists. A token that fails verification causes no call of the store.
     *
     * <p>Costs one read of the store, and one write if the last recorded activity is at least one activity interval
     * old. If that write fails, the service logs a warning, the request is valid nevertheless, and the next request
     * that reads the store tries again.
     *
     * <p>With {@link SessionAwareTokenServiceBuilder#maxStaleness}, it costs no read while a read of this service that
     * saw the session began no longer ago than that bound, and this service has not changed the session since. What
     * other nodes change is then seen within the bound, and what this one changes at once. A refusal is always an
     * answer of the store.
     *
     * @param accessToken the token without {@code Bearer}, for instance from {@link BearerToken#from}; null and blank
     *     count as missing, and more than 8,192 characters as malformed
     * @return the live session of the token
     * @throws InvalidTokenException if the request is not authenticated: answer 401
     * @throws SessionStoreException if the store cannot answer: answer 503
     */
    public AuthenticatedSession validate(@Nullable String accessToken) {
        Instant now = clock.now();
        AuthenticatedSession current = authenticate(accessToken, now, live::requireRecent);
        return current.with(activity.record(current.record(), now));
    }

    /**
     * Decides again whether a request is authenticated: asks the store whether its session still lives, and whether its
     * tokens are still the valid ones. Call it before something dangerous if the service has a
     * {@link SessionAwareTokenServiceBuilder#maxStaleness}, or if the request has been running for long. Records no
     * activity, and does not look at the expiry of the token again. Costs one read of the store.
     *
     * <pre>{@code
     * current = tokens.revalidate(current);
     * handle(current.userId(), current.sessionId());
     * }</pre>
     *
     * @param current the session, as {@code validate} returned it
     * @return the session as the store has it now, with the same claims
     * @throws InvalidTokenException if the session has ended in the meantime, or its user has been authenticated again:
     *     answer 401
     * @throws SessionStoreException if the store cannot answer: answer 503
     */
    public AuthenticatedSession revalidate(AuthenticatedSession current) {
        Instant now = clock.now();
        return current.validatedAgain(liveOwn(current, now), now);
    }

    /**
     * Decides whether a request is authenticated, like {@link #validate}, but records no activity. Use it for requests
     * that a page sends by itself, such as polling. Otherwise an open page would keep its session from ever being idle.
     * Costs one read of the store, and no write.
     *
     * @param accessToken the token as received
     * @return the live session of the token
     * @throws InvalidTokenException if the request is not authenticated: answer 401
     * @throws SessionStoreException if the store cannot answer: answer 503
     */
    public AuthenticatedSession validateWithoutActivity(@Nullable String accessToken) {
        return authenticate(accessToken, clock.now(), live::require);
    }

    /** Verifies the token, then requires its session. */
    private AuthenticatedSession authenticate(
            @Nullable String accessToken, Instant now, BiFunction<VerifiedClaims, Instant, SessionRecord> session) {
        try {
            VerifiedClaims claims = codec.verify(accessToken, now);
            AuthenticatedSession current = new AuthenticatedSession(codec, session.apply(claims, now), claims, now);
            metrics.validateAccepted();
            return current;
        } catch (InvalidTokenException e) {
            metrics.validateRefused(e.reason());
            throw e;
        } catch (SessionStoreException e) {
            metrics.validateFailed();
            throw e;
        }
    }

    /**
     * Returns whether a session lives, for connections that outlive their token, such as web sockets, and for services
     * that verify tokens themselves. Records no activity. Costs one read of the store.
     *
     * @param userId the owner
     * @param sessionId the session id. If it does not name a session of this user, or is null, the result is false
     * @return true if this user has this session, and it has not expired
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; the connection may stay open
     */
    public boolean isLive(String userId, @Nullable String sessionId) {
        return liveSession(userId, sessionId, clock.now()).isPresent();
    }

    /**
     * Records activity of a session without a token, for instance when a message arrives on a web socket. Without it, a
     * session whose only traffic is a web socket counts as idle. Costs one read of the store, and one write if the last
     * recorded activity is at least one activity interval old. If that write fails, the service logs a warning.
     *
     * @param userId the owner
     * @param sessionId the session id, as for {@link #isLive}
     * @return true if this user has this session, and it has not expired. If false, close the connection
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; the connection may stay open
     */
    public boolean recordActivity(String userId, @Nullable String sessionId) {
        Instant now = clock.now();
        Optional<SessionRecord> session = liveSession(userId, sessionId, now);
        session.ifPresent(active -> activity.record(active, now));
        return session.isPresent();
    }

    private Optional<SessionRecord> liveSession(String userId, @Nullable String sessionId, Instant now) {
        Identifiers.requireValid(userId, "userId");
        return sessionId != null && SessionIds.isWellFormed(sessionId)
                ? live.find(userId, sessionId, now)
                : Optional.empty();
    }

    /**
     * Issues one more access token for a session, for instance with the claims of another organisation, as a ticket for
     * a download, or for another audience. The session, its deadlines and its other tokens stay as they are, and the
     * new token ends with the session. The call issues no refresh token, and costs one read of the store.
     *
     * <p>A service that verifies tokens itself accepts the new token until it expires. A token that this service
     * accepts can be reissued again, with any claims that the application passes. So give a token that may do less an
     * audience or a type that this service refuses.
     *
     * <p>A client that can have an ordinary access token reissued needs no refresh token to stay signed in, and so does
     * a thief who holds one. If that matters, pass {@code withLifetime} the time until {@code current.claim("exp",
     * Instant.class)}, and the new token expires with the one of the request. Less than a second is refused, so let the
     * client log in or refresh then.
     *
     * <p>A session that is bound to a device's key ({@link ExperimentalBoundSessions}) needs a proof for a later
     * expiry. So its new token has the time of issue of the token of the request, and expires with it at the latest.
     *
     * @param current the session, as {@code validate} returned it
     * @param options the claims, the audience, the type and the lifetime of the token
     * @return the token, which expires with the session at the latest; {@link IssuedTokens#refreshToken()} is null
     * @throws IllegalArgumentException if a claim or the token would be refused as by {@code issue}, or the lifetime is
     *     longer than the service's
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign
     * @throws InvalidTokenException if the session has ended in the meantime, or its user has been authenticated again
     * @throws SessionStoreException if the store cannot answer
     */
    public IssuedTokens reissue(AuthenticatedSession current, TokenOptions options) {
        requireNonNull(options, "options");
        Instant now = clock.now();
        return issuer.reissue(liveOwn(current, now), options, current.verifiedClaims(), now);
    }

    /** Reads the session again, because it may have changed since the request was validated. */
    private SessionRecord liveOwn(AuthenticatedSession current, Instant now) {
        return live.require(own(current).userId(), current.sessionId(), current.generation(), now);
    }

    /**
     * Changes the application's data of the session that makes the request, in one step: if another call changes the
     * session at the same time, the function is asked again. The tokens of the session stay valid. The next refresh
     * passes the new attributes to {@link SessionAwareTokenServiceBuilder#claimsOnRefresh}. Costs one read and one
     * write of the store.
     *
     * <pre>{@code
     * tokens.setAttributes(current, attributes -> {
     *     Map<String, String> changed = new HashMap<>(attributes);
     *     changed.put("organisation", "blue");
     *     return changed;
     * });
     * }</pre>
     *
     * @param current the session, as {@code validate} returned it
     * @param change from the present attributes, an immutable map, to all new ones, of the form that
     *     {@link LoginOptions#withAttributes} takes; without effects that a second call would repeat
     * @return the session with its new attributes
     * @throws IllegalArgumentException if the new attributes are refused; nothing is stored
     * @throws NullPointerException if the function returns null, or attributes with a null name or value; nothing is
     *     stored
     * @throws InvalidTokenException if the session has ended in the meantime, or its user has been authenticated again
     * @throws SessionStoreException if the store cannot answer; the attributes may have changed or not
     */
    public Session setAttributes(AuthenticatedSession current, UnaryOperator<Map<String, String>> change) {
        requireNonNull(change, "change");
        return Retries.untilDone(() -> {
            SessionRecord seen = liveOwn(current, clock.now());
            Map<String, String> attributes = requireNonNull(change.apply(seen.attributes()), "change returned null");
            SessionRecord next = seen.next().attributes(attributes).build();
            return store.replace(seen, next) ? Optional.of(Session.of(next, next.id())) : Optional.empty();
        });
    }

    /**
     * Exchanges a refresh token for a new access token and the next refresh token. Every use rotates the refresh token.
     * If several callers present the same token, on one node or on several, exactly one of them rotates it. While the
     * grace window lasts ({@link SessionAwareTokenServiceBuilder#refreshGraceWindow}), the other callers get the same
     * next token, and so does a client that lost the answer. After the window, or after the next token has been used,
     * presenting the old token means that two parties hold it. The session then ends at once, on every node.
     *
     * <p>A refresh counts as activity, never moves the absolute deadline, and keeps the session's user. The new access
     * token has the audiences of the service that refreshes. {@link SessionAwareTokenServiceBuilder#claimsOnRefresh}
     * computes the claims of the new token. Costs one read and one write of the store.
     *
     * @param refreshToken the token as received; null and blank count as missing
     * @param client what is known about the device now. Device and user agent replace those of the session if at least
     *     one of the two is known, and so do address and place
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
        return refresh(refreshToken, () -> client);
    }

    /**
     * Exchanges a refresh token, like {@link #refresh(String, ClientInfo)}, and looks at the client only if the token
     * was issued for a live session. Use it where that look is costly, such as finding the device's name and place:
     * anybody can send tokens that are refused.
     *
     * @param refreshToken the token as received
     * @param client returns what is known about the device now; called at most once, on the thread of the call. If it
     *     throws, the token is not used up, and the exception reaches the caller
     * @return the new tokens, and the session
     * @throws InvalidTokenException as for {@link #refresh(String, ClientInfo)}
     * @throws NullPointerException if the supplier returns null; the token is not used up
     * @throws SessionStoreException as for {@link #refresh(String, ClientInfo)}
     * @throws IllegalArgumentException as for {@link #refresh(String, ClientInfo)}
     * @throws IllegalStateException as for {@link #refresh(String, ClientInfo)}
     */
    public IssuedTokens refresh(@Nullable String refreshToken, Supplier<ClientInfo> client) {
        requireNonNull(client, "client");
        Refresher refreshTokens = requireRefresher();
        try {
            IssuedTokens tokens = refreshTokens.refresh(RefreshToken.parse(refreshToken), client);
            metrics.refreshAccepted();
            return tokens;
        } catch (InvalidTokenException e) {
            metrics.refreshRefused(e.reason());
            throw e;
        }
    }

    /**
     * Returns whether logins get refresh tokens ({@link SessionAwareTokenServiceBuilder#refreshTokens}). Without them,
     * {@code refresh} and {@code revokeByRefreshToken} throw.
     *
     * @return true if this service issues and accepts refresh tokens
     */
    public boolean issuesRefreshTokens() {
        return refresher != null;
    }

    /**
     * Logs out the device to which a refresh token was issued, with the cause {@link EndCause#LOGOUT}. Call it to sign
     * out when the access token is missing or has expired. Every refresh token that the session has got since its last
     * authentication names it: the current one, one that another tab replaced a moment ago, and one that was used long
     * ago. None of them counts as reused here. Costs one read of the store, and one delete if the session lives.
     *
     * @param refreshToken the token as received
     * @return true if this call ended the live session; false if the token is null, blank, malformed or unknown, is of
     *     another service or from before a renewed authentication, or if its session has ended. A token that is null,
     *     blank or malformed causes no call of the store
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     * @throws IllegalStateException if the service issues no refresh tokens
     */
    public boolean revokeByRefreshToken(@Nullable String refreshToken) {
        Refresher refreshTokens = requireRefresher();
        try {
            return refreshTokens.logOut(RefreshToken.parse(refreshToken));
        } catch (InvalidTokenException e) {
            return false;
        }
    }

    /**
     * Returns the calls that bind sessions to keys of their devices. Experimental: may change in a minor release.
     *
     * @return the calls, with the store and the settings of this service. A service that {@link #withSessionStore} has
     *     returned keeps those of the service before
     * @throws IllegalStateException if {@link SessionAwareTokenServiceBuilder#deviceBinding} was not called
     */
    public ExperimentalBoundSessions boundSessions() {
        if (boundSessions == null) {
            throw new IllegalStateException("This service binds no sessions: call deviceBinding(...) on its builder");
        }
        return boundSessions;
    }

    private Refresher requireRefresher() {
        if (refresher == null) {
            throw new IllegalStateException(
                    "This service issues no refresh tokens: call refreshTokens(...) on its builder");
        }
        return refresher;
    }

    /**
     * Renews the authentication of a session, without further options. The session keeps its category, its attributes
     * and its timeouts. Its new token carries no claims of the application, and its authentication methods are empty.
     *
     * @param current the session, as {@code validate} returned it
     * @return the same as {@link #reauthenticate(AuthenticatedSession, LoginOptions)}
     * @throws IllegalStateException as {@code issue} does; the session stays as it is
     * @throws InvalidTokenException if the session has ended in the meantime: the user must log in
     * @throws SessionStoreException if the store did not confirm the change
     */
    public IssuedTokens reauthenticate(AuthenticatedSession current) {
        return reauthenticate(current, LoginOptions.defaults());
    }

    /**
     * Continues a session whose user has just been authenticated again, before a dangerous operation or because
     * {@link AuthenticatedSession#requireAuthenticatedWithin} asked for it. In one step the session gets new tokens,
     * and all its tokens of before are refused from then on (OWASP ASVS 5.0, 7.2.4). Its id, login time, label, client
     * and attributes stay the same. The absolute timeout starts again. Costs one read and one write of the store.
     *
     * @param current the session, as {@code validate} returned it
     * @param options claims for the new token, which carries no others; how the user was authenticated; timeouts,
     *     category and attributes that replace the session's own, if set
     * @return the new tokens, and the session
     * @throws IllegalArgumentException as {@code issue} does, or if {@link LoginOptions#withAuthenticatedAt} names a
     *     time before the session's last authentication; the session stays as it is
     * @throws IllegalStateException as {@code issue} does; the session stays as it is
     * @throws InvalidTokenException if the session has ended in the meantime, or its user has been authenticated again
     *     by another request: the user must log in
     * @throws LoginRefusedException if the application no longer allows it ({@link LoginOptions#withStillAllowed}); the
     *     session has ended
     * @throws SessionStoreException if the store did not confirm the change. Either the old tokens are still valid, or
     *     the change was made and nobody received the new tokens. In the second case the user must log in
     */
    public IssuedTokens reauthenticate(AuthenticatedSession current, LoginOptions options) {
        requireNonNull(options, "options");
        return logins.renew(now -> liveOwn(current, now), options, clock);
    }

    /**
     * Creates a session for a stateless token, which has no session id, and issues its replacement. This is the last
     * step of the change from stateless tokens to sessions
     * ({@link SessionAwareTokenServiceBuilder#acceptStatelessTokensUntil}).
     *
     * <p>Works like {@code issue(userId, client, options)} for the token's user, with one difference: the token's
     * {@code iat} counts as the time of the authentication, even if the token was only renewed at that time, unless the
     * options set another time. The absolute timeout counts from it, and
     * {@link AuthenticatedSession#requireAuthenticatedWithin} uses it. The claims of the old token are not kept: pass
     * the claims that the new token needs.
     *
     * <p>One stateless token leads to one session. If it comes again while that session lives, the result is a new
     * access token for the same session, with a refresh token only if none was used yet. The options then count for the
     * claims of that token and for {@link LoginOptions#withStillAllowed} only. After the session has ended or the user
     * was authenticated again, the token leads to no session. The token itself stays valid for
     * {@link #validateStateless} until it expires or the service stops accepting stateless tokens.
     *
     * <p>A second record in the store names the session until the token expires. Its user id begins with
     * {@code stateless-token:}, so no list and no revoke of a user sees it. The token counts as used once that record
     * is stored. If the store fails before, or a revoke ends the session before, the next call creates a session as for
     * a token that was never used. Like a login at the same time as a revoke, such a session may stay, and is then
     * listed; {@link LoginOptions#withStillAllowed} closes that gap.
     *
     * <p>While the first refresh token of the session is unused, a token that comes again counts as a retry: listeners
     * are notified ({@link SessionListener#refreshRetried}), and
     * {@link SessionAwareTokenServiceBuilder#refuseRetriesFromAnother} may refuse it.
     *
     * <p>Costs one read and two writes of the store, and two reads if the token comes again. The first write counts the
     * user's sessions, also without a session limit.
     *
     * @param statelessToken the token as received
     * @param client what is known about the device
     * @param options as for {@code issue}
     * @return the tokens for the client, and the new session
     * @throws InvalidTokenException if the token is not such a token, if such tokens are no longer accepted, if its
     *     user was authenticated longer ago than the absolute timeout, or if its session has ended: the user must log
     *     in
     * @throws IllegalArgumentException as {@code issue} does; nothing is stored
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign; nothing is stored
     * @throws LoginRefusedException if the application no longer allows it ({@link LoginOptions#withStillAllowed}). If
     *     this call has created the session, that has ended, and so it has if the supplier throws: the user must log
     *     in. A session that an earlier call has created lives on
     * @throws SessionLimitExceededException if the user has reached the session limit, and the limit refuses logins
     * @throws SessionStoreException if the store did not confirm the session; calling again is safe
     */
    public IssuedTokens migrateStateless(@Nullable String statelessToken, ClientInfo client, LoginOptions options) {
        requireNonNull(client, "client");
        requireNonNull(options, "options");
        Instant now = clock.now();
        return migrated.migrate(codec.verifyStateless(statelessToken, now), client, options, now);
    }

    /**
     * Creates a session for a stateless token, without claims of the application. Calls
     * {@link #migrateStateless(String, ClientInfo, LoginOptions)} with {@link LoginOptions#defaults()}.
     *
     * @param statelessToken the token as received
     * @param client what is known about the device
     * @return the tokens for the client, and the new session
     * @throws InvalidTokenException if the token is not such a token, if such tokens are no longer accepted, if it was
     *     issued longer ago than the absolute timeout, or if its session has ended: the user must log in
     * @throws IllegalStateException if the key ring has no key that signs, or the key could not sign; nothing is stored
     * @throws SessionLimitExceededException if the user has reached the session limit, and the limit refuses logins
     * @throws SessionStoreException if the store did not confirm the session; calling again is safe
     */
    public IssuedTokens migrateStateless(@Nullable String statelessToken, ClientInfo client) {
        return migrateStateless(statelessToken, client, LoginOptions.defaults());
    }

    /**
     * Verifies a stateless token, while the service accepts such tokens. The result has no session: it has no session
     * id, is not listed and cannot be revoked. The store is not used.
     *
     * @param statelessToken the token as received
     * @return the verified token
     * @throws InvalidTokenException if the token is not such a token, or such tokens are no longer accepted: answer 401
     */
    public StatelessToken validateStateless(@Nullable String statelessToken) {
        return new StatelessToken(codec.verifyStateless(statelessToken, clock.now()));
    }

    /**
     * Returns the live sessions of the user who made the request, for the "your devices" page. The session that made
     * the request is marked as current.
     *
     * @param current the session, as {@code validate} returned it
     * @return an immutable list, most recently active first
     * @throws SessionStoreException if the store cannot answer
     */
    public List<Session> listSessions(AuthenticatedSession current) {
        return list(own(current).userId(), current.sessionId());
    }

    /**
     * Returns the live sessions of a user, for administrators and jobs. None is marked as current.
     *
     * @param userId the user
     * @return an immutable list, most recently active first
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer
     */
    public List<Session> listSessions(String userId) {
        return list(Identifiers.requireValid(userId, "userId"), null);
    }

    private AuthenticatedSession own(AuthenticatedSession current) {
        return requireNonNull(current, "current").requireAcceptedBy(codec);
    }

    private List<Session> list(String userId, @Nullable String currentId) {
        return live.list(userId, clock.now()).stream()
                .sorted(MOST_RECENTLY_ACTIVE_FIRST)
                .map(session -> Session.of(session, currentId))
                .toList();
    }

    /**
     * Sets the label of one of the user's sessions: the name by which its user knows the device, shown in the list.
     *
     * @param current the session that makes the request, as {@code validate} returned it
     * @param sessionId the session id from the request. If it does not name a session of the same user, or is null, the
     *     result is false
     * @param label the name. It is cleaned like all text from clients, and must then have 1 to 64 code points, with a
     *     visible one among them. Null removes the label
     * @return true if it was this user's live session, which now has this label
     * @throws IllegalArgumentException if the label is refused
     * @throws SessionStoreException if the store cannot answer; calling again is safe
     */
    public boolean rename(AuthenticatedSession current, @Nullable String sessionId, @Nullable String label) {
        return renameSession(own(current).userId(), sessionId, label);
    }

    /**
     * Sets the label of a session of a given user, for administrators and jobs.
     *
     * @param userId the owner
     * @param sessionId the session id, as for {@link #rename}
     * @param label the name, as for {@link #rename}
     * @return true if it was this user's live session, which now has this label
     * @throws IllegalArgumentException if the user id or the label is refused
     * @throws SessionStoreException if the store cannot answer; calling again is safe
     */
    public boolean renameSession(String userId, @Nullable String sessionId, @Nullable String label) {
        String clean = SessionData.requireValidLabel(label);
        return Retries.untilDone(() -> {
            Optional<SessionRecord> seen = liveSession(userId, sessionId, clock.now());
            return seen.isEmpty()
                            || store.replace(
                                    seen.get(), seen.get().next().label(clean).build())
                    ? Optional.of(seen.isPresent())
                    : Optional.empty();
        });
    }

    /**
     * Logs out the device that made the request, with the cause {@link EndCause#LOGOUT}. After this method has
     * returned, no {@code validate} that begins later succeeds for the session. If nodes have a
     * {@link SessionAwareTokenServiceBuilder#maxStaleness}, this holds on this node at once, on the others within that
     * bound.
     *
     * @param current the session, as {@code validate} returned it
     * @return true if this call ended the live session; false if it had ended before
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revoke(AuthenticatedSession current) {
        return revoke(current, EndCause.LOGOUT);
    }

    /**
     * Logs out the device that made the request, for a given cause.
     *
     * @param current the session, as {@code validate} returned it
     * @param cause the cause that the listeners receive
     * @return the same as {@link #revoke(AuthenticatedSession)}
     * @throws IllegalArgumentException if only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revoke(AuthenticatedSession current, EndCause cause) {
        return revokeSession(own(current).userId(), current.sessionId(), cause);
    }

    /**
     * Logs out one of the user's devices, with the cause {@link EndCause#ENDED_BY_USER}. After this method has
     * returned, no {@code validate} that begins later succeeds for the session. If nodes have a
     * {@link SessionAwareTokenServiceBuilder#maxStaleness}, this holds on this node at once, on the others within that
     * bound.
     *
     * @param current the session that makes the request, as {@code validate} returned it
     * @param sessionId the session id from the request. If it does not name a session of the same user, or is null, the
     *     result is false
     * @return true if this call ended a live session of this user. False also means that no such session is left, for
     *     instance because an earlier call ended it and its answer was lost
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revoke(AuthenticatedSession current, @Nullable String sessionId) {
        return revoke(current, sessionId, EndCause.ENDED_BY_USER);
    }

    /**
     * Logs out one of the user's devices, for a given cause.
     *
     * @param current the session that makes the request, as {@code validate} returned it
     * @param sessionId the session id from the request
     * @param cause the cause that the listeners receive
     * @return the same as {@link #revoke(AuthenticatedSession, String)}
     * @throws IllegalArgumentException if only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revoke(AuthenticatedSession current, @Nullable String sessionId, EndCause cause) {
        return revokeSession(own(current).userId(), sessionId, cause);
    }

    /**
     * Logs out all of the user's devices except the one that made the request, with the cause
     * {@link EndCause#ENDED_BY_USER}.
     *
     * @param current the session that stays, as {@code validate} returned it
     * @return how many live sessions this call ended
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeOthers(AuthenticatedSession current) {
        return revokeOthers(current, EndCause.ENDED_BY_USER);
    }

    /**
     * Logs out all of the user's devices except the one that made the request, for a given cause, such as
     * {@link EndCause#PASSWORD_CHANGED}.
     *
     * @param current the session that stays, as {@code validate} returned it
     * @param cause the cause that the listeners receive
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeOthers(AuthenticatedSession current, EndCause cause) {
        return revokeOtherSessions(own(current).userId(), current.sessionId(), cause);
    }

    /**
     * Ends one session of a given user, without a cause, for administrators and jobs. A request of the user calls
     * {@link #revoke(AuthenticatedSession, String)} instead.
     *
     * @param userId the owner; the first argument, because both are text
     * @param sessionId the session id. If it does not name a session of this user, or is null, the result is false
     * @return true if this call ended a live session of this user. False also means that this user has no such session;
     *     swapped arguments have the same answer, and end nothing
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revokeSession(String userId, @Nullable String sessionId) {
        return revokeSession(userId, sessionId, EndCause.UNSPECIFIED);
    }

    /**
     * Ends one session of a given user, for a given cause.
     *
     * @param userId the owner
     * @param sessionId the session id
     * @param cause the cause that the listeners receive
     * @return the same as {@link #revokeSession(String, String)}
     * @throws IllegalArgumentException if the user id is refused, or only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; the session may have ended or not: call again
     */
    public boolean revokeSession(String userId, @Nullable String sessionId, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        EndCause.requireGivenByApplications(cause);
        return sessionId != null
                && SessionIds.isWellFormed(sessionId)
                && endings.end(userId, sessionId, cause).isPresent();
    }

    /**
     * Ends all sessions of a given user except one, without a cause.
     *
     * @param userId the owner
     * @param keptSessionId the id of the session that stays. If the user has no such session, all of them end
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, or the session id is malformed, so that it cannot
     *     name a session; nothing ends
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeOtherSessions(String userId, String keptSessionId) {
        return revokeOtherSessions(userId, keptSessionId, EndCause.UNSPECIFIED);
    }

    /**
     * Ends all sessions of a given user except one, for a given cause.
     *
     * @param userId the owner
     * @param keptSessionId the id of the session that stays
     * @param cause the cause that the listeners receive
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, the session id is malformed, or only this library may
     *     use the cause; nothing ends
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeOtherSessions(String userId, String keptSessionId, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        EndCause.requireGivenByApplications(cause);
        if (!SessionIds.isWellFormed(requireNonNull(keptSessionId, "keptSessionId"))) {
            throw new IllegalArgumentException(
                    "keptSessionId must be a session id; to end all sessions call revokeAllSessions");
        }
        return endings.endAll(userId, keptSessionId, cause);
    }

    /**
     * Ends all sessions of a given user, without a cause. When this method returns, every login that was acknowledged
     * before the call has ended. A login that begins after the return stays. A login at the same time as the call may
     * stay, and is then listed.
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
     * Ends all sessions of a given user, for a given cause.
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
        return endings.endAll(userId, null, cause);
    }

    /**
     * Ends the sessions whose user logged in, or was authenticated for the login, before a given time, without a cause.
     *
     * @param userId the owner
     * @param instant a session whose login and its authentication were in this millisecond or later stays
     * @return the same as {@link #revokeSessionsCreatedBefore(String, Instant, EndCause)}
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeSessionsCreatedBefore(String userId, Instant instant) {
        return revokeSessionsCreatedBefore(userId, instant, EndCause.UNSPECIFIED);
    }

    /**
     * Ends the sessions whose user logged in, or was authenticated for the login, before a given time, for instance
     * when the password was changed elsewhere. An authentication that happened before its login counts
     * ({@link LoginOptions#withAuthenticatedAt}, {@link #migrateStateless}); a later {@code reauthenticate} does not
     * change the result. Costs one read of the user's sessions, and one delete for every 500 sessions that end.
     *
     * @param userId the owner
     * @param instant a session whose login and its authentication were in this millisecond or later stays
     * @param cause the cause that the listeners receive
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, or only this library may use the cause
     * @throws SessionStoreException if the store cannot answer; some sessions may have ended: call again
     */
    public int revokeSessionsCreatedBefore(String userId, Instant instant, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        EndCause.requireGivenByApplications(cause);
        Instant border = requireNonNull(instant, "instant").truncatedTo(ChronoUnit.MILLIS);
        List<String> earlier = store.list(userId).stream()
                .filter(session -> session.createdAt().isBefore(border)
                        || session.authentication().time().isBefore(border))
                .map(SessionRecord::id)
                .toList();
        return endings.end(userId, earlier, cause);
    }

    /**
     * Deletes the records of sessions whose recorded {@code expiresAt} is a day ago or earlier. This only frees space
     * in the store: no answer of this service depends on it. Call it from a scheduler, for instance every hour. Calling
     * it on several nodes at once is harmless. The delay of a day protects against clock differences: a node whose
     * clock is ahead by less than a day deletes nothing that is live on another node.
     *
     * @return how many records were deleted
     * @throws SessionStoreException if the store cannot answer; the next scheduled call tries again
     */
    public int purgeExpiredSessions() {
        int purged = store.purge(lifetime.purgeBorder(clock.now()));
        metrics.sessionsPurged(purged);
        return purged;
    }
}
