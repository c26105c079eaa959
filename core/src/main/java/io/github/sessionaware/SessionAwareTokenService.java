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

    /** Each attempt that fails is another caller's success. */
    private static final int MAX_ATTEMPTS = 100;

    private final ServiceSettings settings;
    private final GuardedStore store;
    private final SessionLifetime lifetime;
    private final Listeners listeners;
    private final TokenIssuer issuer;
    private final @Nullable Refresher refresher;

    /** The sessions whose activity is being written at this moment. */
    private final Set<String> touching = ConcurrentHashMap.newKeySet();

    SessionAwareTokenService(ServiceSettings settings, SessionStore store, Consumer<Runnable> telling) {
        this.settings = settings;
        this.store = new GuardedStore(store);
        this.lifetime = settings.lifetime();
        this.listeners = new Listeners(settings.listeners(), telling);
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
     * Begins the configuration of a service. Issuer, signing key and session store must be given; everything else has a
     * default.
     *
     * @return a new builder, to be used by one thread
     */
    public static SessionAwareTokenServiceBuilder builder() {
        return new SessionAwareTokenServiceBuilder();
    }

    /**
     * The same service on another store: the same key, claims, lifetimes, limits, listeners and clock. Made for one
     * that takes part in a transaction of the application's, so that a change of the password and the end of all other
     * sessions are one commit. Listeners are told when a call returns, before that commit; where there are listeners,
     * use {@link #withSessionStore(SessionStore, Consumer)}. Refresh elsewhere: a transaction that is rolled back also
     * takes back the end of a session whose refresh token was reused.
     *
     * @param sessionStore the store that the returned service asks
     * @return a new service, as thread-safe as the store; this one goes on as it is
     */
    public SessionAwareTokenService withSessionStore(SessionStore sessionStore) {
        return withSessionStore(sessionStore, Runnable::run);
    }

    /**
     * The same service on another store, and the application decides when its listeners are told: each telling is
     * handed over, to be run after the commit, or dropped where there is none. A list is enough: {@code list::add}, and
     * after the commit {@code list.forEach(Runnable::run)}.
     *
     * @param sessionStore the store that the returned service asks
     * @param afterCommit takes what tells the listeners
     * @return a new service, as thread-safe as store and consumer; this one goes on as it is
     */
    public SessionAwareTokenService withSessionStore(SessionStore sessionStore, Consumer<Runnable> afterCommit) {
        return new SessionAwareTokenService(
                settings, requireNonNull(sessionStore, "sessionStore"), requireNonNull(afterCommit, "afterCommit"));
    }

    /**
     * Records a login and issues its token. Call it after the user has been authenticated.
     *
     * @param userId the user, 1 to 255 code points
     * @param client what is known of the device; {@link ClientInfo#unknown()} if nothing is
     * @return the tokens for the client, and the session behind them
     * @throws IllegalArgumentException if the user id is refused; nothing is stored
     * @throws IllegalStateException if the ring has no key that signs, or the key could not sign; nothing is stored
     * @throws SessionLimitExceededException if the user has too many sessions, and the limit says to refuse
     * @throws SessionStoreException if the store did not confirm the login. It may have been recorded all the same, as
     *     a session whose token nobody has: it is listed until it expires or is revoked. To log in again is safe
     */
    public IssuedTokens issue(String userId, ClientInfo client) {
        return issue(userId, client, LoginOptions.none());
    }

    /**
     * Records a login that says more of itself, and issues its token. Costs one write of the store; with listeners one
     * read of the user's sessions before it; with a session limit both are one step.
     *
     * @param userId the user, 1 to 255 code points
     * @param client what is known of the device; {@link ClientInfo#unknown()} if nothing is
     * @param options claims for the token, timeouts of the session's own, how the user was authenticated
     * @return the tokens for the client, and the session behind them
     * @throws IllegalArgumentException if the user id is refused, or a claim has a name or a type that it may not have,
     *     or the token would become longer than the 8,192 characters that {@code validate} accepts, or the timeouts are
     *     longer than the service's or idle for no more than its activity interval; nothing is stored
     * @throws IllegalStateException if the ring has no key that signs, or the key could not sign; nothing is stored
     * @throws SessionLimitExceededException if the user has too many sessions, and the limit says to refuse
     * @throws SessionStoreException if the store did not confirm the login. It may have been recorded all the same, as
     *     a session whose token nobody has: it is listed until it expires or is revoked. To log in again is safe
     */
    public IssuedTokens issue(String userId, ClientInfo client, LoginOptions options) {
        Identifiers.requireValid(userId, "userId");
        requireNonNull(client, "client");
        requireNonNull(options, "options");
        Instant now = now();
        return logIn(userId, client, options, now, now);
    }

    /**
     * Makes a session of a token that stands for none, and issues its replacement: the last step of the change from
     * stateless tokens ({@link SessionAwareTokenServiceBuilder#acceptTokensWithoutSessionUntil}). Like
     * {@code issue(userId, client, options)} for the token's user, but what counts as the authentication is the time at
     * which the token was made, so that the absolute timeout does not begin anew, and
     * {@link AuthenticatedSession#requireAuthenticatedWithin} goes by that time too, also where the token was only
     * renewed then. Claims of the old token are not kept: give those that the new one shall have.
     *
     * <p>The old token stays good until it expires or the time is over, and each call makes another session: have the
     * client replace it.
     *
     * @param tokenWithoutSession the token as it came
     * @param client what is known of the device
     * @param options as for {@code issue}
     * @return the tokens for the client, and the session behind them
     * @throws InvalidTokenException if it is not such a token, or they are not accepted any more; or it was made longer
     *     ago than a session lasts: the user must log in
     * @throws IllegalArgumentException as by {@code issue}; nothing is stored
     * @throws IllegalStateException if the ring has no key that signs, or the key could not sign; nothing is stored
     * @throws SessionLimitExceededException if the user has too many sessions, and the limit says to refuse
     * @throws SessionStoreException if the store did not confirm the session; to call again is safe
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
     * Makes a session of a token that stands for none, without claims of the application's.
     *
     * @param tokenWithoutSession the token as it came
     * @param client what is known of the device
     * @return the tokens for the client, and the session behind them
     * @throws InvalidTokenException as by {@link #adopt(String, ClientInfo, LoginOptions)}
     * @throws IllegalStateException likewise
     * @throws SessionLimitExceededException likewise
     * @throws SessionStoreException likewise
     */
    public IssuedTokens adopt(@Nullable String tokenWithoutSession, ClientInfo client) {
        return adopt(tokenWithoutSession, client, LoginOptions.none());
    }

    /**
     * Reads a token that stands for no session, while such are accepted: what is returned is no session, has no id, is
     * not listed and cannot be revoked. Asks no store.
     *
     * @param tokenWithoutSession the token as it came
     * @return the verified token: its subject is the user id
     * @throws InvalidTokenException if it is not such a token, or they are not accepted any more: answer 401
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
     * Goes on with a session whose user has just been authenticated again, before something dangerous or because
     * {@link AuthenticatedSession#requireAuthenticatedWithin} asked for it. The session gets a new id and new tokens,
     * and the old ones are refused from now on, in one step (OWASP ASVS 5.0, 7.2.4); login time, label and client stay.
     * The absolute timeout counts anew. From here on the session is that of the returned tokens: the id of
     * {@code current} means nothing any more, and {@code revokeOtherSessions} with it would end the new one too. Costs
     * one read and one write of the store.
     *
     * @param current the session, as {@code validate} returned it
     * @param options claims for the new token; timeouts in place of the session's own, if given; how the user was
     *     authenticated
     * @return the new tokens, and the session under its new id
     * @throws IllegalArgumentException as by {@code issue}; the session stays as it is
     * @throws IllegalStateException as by {@code issue}; the session stays as it is
     * @throws InvalidTokenException if the session has ended meanwhile: the user must log in
     * @throws SessionStoreException if the store did not confirm it. Then either the old tokens are still good or, if
     *     it was done all the same, nobody has the new ones: the user must log in
     */
    public IssuedTokens reauthenticate(AuthenticatedSession current, LoginOptions options) {
        requireNonNull(current, "current");
        SessionTimeouts own = ownTimeouts(requireNonNull(options, "options"));
        return untilUndisturbed(now -> {
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
     * @throws IllegalStateException if the service gives no refresh tokens, the ring has no key that signs, or the key
     *     could not sign; nothing is used up
     */
    public IssuedTokens refresh(@Nullable String refreshToken, ClientInfo client) {
        requireNonNull(client, "client");
        if (refresher == null) {
            throw new IllegalStateException(
                    "This service gives no refresh tokens: call refreshTokens(...) on its builder");
        }
        RefreshToken presented = RefreshToken.parse(refreshToken);
        return untilUndisturbed(now -> refresher.refresh(presented, client, now));
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
        PresentedToken token = settings.codec().verify(accessToken, now);
        Session session = liveSession(token.claims().sessionId(), token.claims().userId(), now);
        return new AuthenticatedSession(recordActivity(session, now), token, now);
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
     * Gives a session the name by which its user knows the device, to be shown in the list.
     *
     * @param userId the owner, from the authenticated session and not from the request
     * @param sessionId the session, as it came in the request; anything that is not an id of a session of this user,
     *     null included, is answered alike
     * @param label the name, cleaned like all text from clients, then 1 to 64 code points; null for none
     * @return true if it was this user's live session, which now has this label
     * @throws IllegalArgumentException if the user id or the label is refused
     * @throws SessionStoreException if the store cannot answer; to call again is safe
     */
    public boolean renameSession(String userId, @Nullable String sessionId, @Nullable String label) {
        Identifiers.requireValid(userId, "userId");
        String clean = Session.requireValidLabel(label);
        if (sessionId == null || !SessionIds.isWellFormed(sessionId)) {
            return false;
        }
        return untilUndisturbed(now -> {
            Optional<Session> seen = store.find(sessionId)
                    .filter(session -> session.userId().equals(userId) && lifetime.isLive(session, now));
            return seen.isEmpty() || store.replace(seen.get(), seen.get().renamed(clean))
                    ? Optional.of(seen.isPresent())
                    : Optional.empty();
        });
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
        return revokeSession(userId, sessionId, EndCause.UNSPECIFIED);
    }

    /**
     * Logs one device out, and says why.
     *
     * @param userId the owner, from the authenticated session and not from the request
     * @param sessionId the session to end, as it came in the request
     * @param cause what the listeners are told
     * @return as the call without a cause
     * @throws IllegalArgumentException if the user id is refused, or the cause is one that only this library gives
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
        return revokeOtherSessions(userId, keptSessionId, EndCause.UNSPECIFIED);
    }

    /**
     * Logs out all of the user's devices but one, and says why.
     *
     * @param userId the owner
     * @param keptSessionId the session that stays
     * @param cause what the listeners are told
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, or the cause is one that only this library gives
     * @throws SessionStoreException if the store cannot answer; some may have ended: call again
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
     * Logs out all of the user's devices. Every login that was acknowledged before this call has ended when it returns,
     * and one that begins afterwards stays; one that happens at the same time may stay, and is then listed.
     *
     * @param userId the owner
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused
     * @throws SessionStoreException if the store cannot answer; some may have ended: call again
     */
    public int revokeAllSessions(String userId) {
        return revokeAllSessions(userId, EndCause.UNSPECIFIED);
    }

    /**
     * Logs out all of the user's devices, and says why.
     *
     * @param userId the owner
     * @param cause what the listeners are told
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, or the cause is one that only this library gives
     * @throws SessionStoreException if the store cannot answer; some may have ended: call again
     */
    public int revokeAllSessions(String userId, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        EndCause.requireGivenByApplications(cause);
        return ended(store.deleteAll(userId), cause);
    }

    /**
     * Logs out the devices on which the user logged in before some moment, for instance when the password was changed
     * elsewhere. What counts is the login, not a later {@code reauthenticate}. Costs one read of the user's sessions,
     * another if it found some, and one delete for each that ends.
     *
     * @param userId the owner
     * @param instant a session that was created in this millisecond or later stays
     * @param cause what the listeners are told
     * @return how many live sessions this call ended
     * @throws IllegalArgumentException if the user id is refused, or the cause is one that only this library gives
     * @throws SessionStoreException if the store cannot answer; some may have ended: call again
     */
    public int revokeSessionsCreatedBefore(String userId, Instant instant, EndCause cause) {
        Identifiers.requireValid(userId, "userId");
        requireNonNull(instant, "instant");
        EndCause.requireGivenByApplications(cause);
        Instant border = instant.truncatedTo(ChronoUnit.MILLIS);
        int ended = 0;
        for (int looks = 0; looks < MAX_ATTEMPTS; looks++) {
            List<Session> before = store.list(userId).stream()
                    .filter(session -> session.createdAt().isBefore(border))
                    .toList();
            if (before.isEmpty()) {
                return ended;
            }
            // One that was reauthenticated meanwhile is found under its new id at the next look.
            for (Session session : before) {
                ended += ended(store.delete(userId, session.id()).stream().toList(), cause);
            }
        }
        // A transaction of the application's, for instance, that goes on seeing what others have ended.
        throw new SessionStoreException("The store goes on listing sessions that have ended");
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

    private void create(Session session, Instant now) {
        if (settings.limit() != null) {
            createLimited(
                    session,
                    requireNonNull(settings.limit().apply(session.userId()), "sessionLimit returned null"),
                    now);
            return;
        }
        List<Session> earlier = listeners.areThere() ? store.list(session.userId()) : List.of();
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
                    // What does not count must go, or a late touch of a request under way would bring it back.
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
     * Of requests that saw the same record one writes for all. On this node the others do not even ask, and on other
     * nodes they lose, which is enough. A session that was revoked since it was read stays revoked, because a touch
     * changes only what still exists.
     */
    private Session recordActivity(Session session, Instant now) {
        if (!lifetime.touchIsDue(session, now) || !touching.add(session.id())) {
            return session;
        }
        try {
            Session active = lifetime.active(session, now);
            return store.touch(session, active.lastActiveAt(), active.expiresAt()) ? active : session;
        } catch (SessionStoreException e) {
            // One line, because it comes with every request until the store can write again.
            Warnings.log(
                    log,
                    "The session store could not record activity; the request goes on: {}, cause: {}",
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

    /** An attempt that finds nothing has met another caller, who has got what it wanted. */
    private <T> T untilUndisturbed(Function<Instant, Optional<T>> attempt) {
        for (int attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
            Optional<T> result = attempt.apply(now());
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new SessionStoreException("The session changed at every attempt to change it");
    }

    private Instant now() {
        return settings.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
