package io.github.sessionaware;

import java.util.Set;

/**
 * Receives notifications of changes to sessions, for instance to mail "new sign-in from Firefox on Linux" or to close
 * web sockets.
 *
 * <p>The service that made a change notifies each of its listeners once: after the store has confirmed the change,
 * outside of all locks, on the thread of the call, and before the call returns. So a slow listener delays that one
 * caller only; move long work to a thread of the application. If a listener throws, that is logged in one line and has
 * no other effect.
 *
 * <p>Listeners are not notified of a change whose confirmation was lost, although it may have happened. So a revoke of
 * many sessions that fails may have ended some without a notification. Listeners on other nodes are not notified.
 * Implementations must be thread-safe.
 */
public interface SessionListener {

    /**
     * What is new about a login, or in what a retry differs ({@link #refreshRetried}). A login is compared with the
     * logins of the user's sessions of the same category that the store still has. What a refresh says about its client
     * makes nothing known: a thief who refreshes a session still looks new at a login. A logout or a revoke of all
     * sessions leaves no records to compare with, so nothing is new after it. Later releases may add values, so give a
     * {@code switch} a default.
     */
    enum Novelty {
        /**
         * The device, or the user agent if the device is unknown. The comparison ignores numbers, which are mostly
         * versions, and text in parentheses at the end of the device's name.
         */
        DEVICE,
        /** The network: the first 24 bits of an IPv4 address, or the first 48 bits of an IPv6 address. */
        NETWORK
    }

    /**
     * Called after a user has logged in.
     *
     * @param userId the user
     * @param session the new session
     * @param novelties what is new, compared with the logins of the same user and category whose records the store
     *     still has; empty at the first of them, and if the application knows neither device nor address
     */
    default void sessionCreated(String userId, Session session, Set<Novelty> novelties) {}

    /**
     * Called after a refresh token was exchanged for the next one. A retry of the same exchange causes
     * {@link #refreshRetried} and no second call of this method.
     *
     * @param userId the user
     * @param session the session as it is now, with the client that refreshed
     * @param before what was known about the client before
     */
    default void sessionRefreshed(String userId, Session session, ClientInfo before) {}

    /**
     * Called after a refresh token that was exchanged before has been presented again, within the grace window, and has
     * led to the same next token. Two tabs that refresh at the same time cause this, and so does a client that lost the
     * answer. A thief who holds a copy of the token causes it too, so look at the differences.
     *
     * @param userId the user
     * @param session the session, with the client that exchanged the token
     * @param retriedBy the client that presented it again
     * @param differences in what that client differs from the session's. What is unknown of the session does not
     *     differ; what is unknown only of that client does
     */
    default void refreshRetried(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {}

    /**
     * Called instead of {@link #refreshRetried} after the retry was refused because of its differences
     * ({@link SessionAwareTokenServiceBuilder#refuseRetriesFromAnother}). The session lives on. The client that retried
     * may be a thief, or the owner after a thief: if the differences leave no other explanation, end the session.
     *
     * @param userId the user
     * @param session the session, with the client that exchanged the token
     * @param retriedBy the client that presented it again, and got nothing
     * @param differences in what that client differs from the session's; not empty
     */
    default void refreshRetryRefused(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {}

    /**
     * Called after the user of a session was authenticated again. The session keeps its id; its tokens from before are
     * refused.
     *
     * @param userId the user
     * @param session the session as it is now
     */
    default void sessionReauthenticated(String userId, Session session) {}

    /**
     * Called after a live session was ended. Not called for a session that had expired before.
     *
     * @param userId the user
     * @param session the session as it last was
     * @param cause why it was ended
     */
    default void sessionEnded(String userId, Session session, EndCause cause) {}

    /**
     * Called after a used refresh token was presented again and its session was ended for that. {@link #sessionEnded}
     * is called first. The token may have been stolen: warn the user.
     *
     * @param userId the user
     * @param session the session as it last was
     * @param presentedBy the client that presented the old token, which may be the thief or the owner
     */
    default void refreshTokenReused(String userId, Session session, ClientInfo presentedBy) {}

    /**
     * Called after a session was bound to a key of its device ({@link ExperimentalBoundSessions}). Experimental: may
     * change in a minor release.
     *
     * @param userId the user
     * @param session the session as it is now
     */
    default void deviceBound(String userId, Session session) {}

    /**
     * Called after a proof, or a refresh token in the place of one, was refused for a session that is bound to a
     * device's key. The session lives on. Experimental: may change in a minor release.
     *
     * <p>Whoever knows the user id and the session id can cause it with a forgery. So show it to the user as a hint,
     * and end nothing for it.
     *
     * @param userId the user
     * @param session the session
     * @param presentedBy the client that presented it, and got nothing
     * @param refusal why it was refused
     */
    default void deviceProofRefused(
            String userId, Session session, ClientInfo presentedBy, ExperimentalDeviceBinding.Refusal refusal) {}

    /**
     * Called when a browser says that it has not renewed a bound session, for instance because its quota of signatures
     * is used up. Experimental: may change in a minor release. Nothing of it is verified, and the store was not asked:
     * anybody can send it, also about a session that never existed.
     *
     * @param userId the user whom the request names
     * @param sessionId the session that it names
     * @param reason {@code unreachable}, {@code server_error} or {@code quota_exceeded} in the draft; 1 to 64 printable
     *     ASCII characters
     */
    default void deviceRenewalSkipped(String userId, String sessionId, String reason) {}

    /**
     * Returns a listener that writes one line per event to the log {@code io.github.sessionaware.events}. The names of
     * the events follow OWASP's logging vocabulary: {@code session_created}, {@code session_renewed} (also after a
     * reauthentication), {@code session_ended} with the cause, {@code authn_token_reuse} as a warning. So do
     * {@code authn_token_retry} and {@code authn_token_retry_refused}, as warnings if the client differs. For bound
     * sessions: {@code session_bound}, and {@code authn_proof_refused} with the refusal as a warning. Each line
     * contains the user id, and a hash instead of the session id.
     *
     * @return the listener
     */
    static SessionListener logging() {
        return new LoggingListener();
    }
}
