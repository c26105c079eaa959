package io.github.sessionaware;

import java.util.Set;

/**
 * Told of what has happened to sessions, for instance to mail "new sign-in from Firefox on Linux" or to close web
 * sockets.
 *
 * <p>Called once for each change that this service has made, after the store has confirmed it and outside of all locks,
 * on the thread that made the call, before the call returns. So a listener that blocks holds up that one caller, and
 * nobody else; what takes long belongs on a thread of the application's. What a listener throws is logged in one line
 * and changes nothing. A change whose confirmation was lost is told to nobody, although it may have happened, nor is
 * what a revoke of many sessions had ended when it failed. Other nodes hear nothing. Must be thread-safe.
 */
public interface SessionListener {

    /**
     * What a login has that no session of the user has of which the store still has a record, each as it was last
     * refreshed. After a logout or revoke of all sessions there is nothing to compare with, and nothing is new.
     */
    enum Novelty {
        /**
         * The device, or the user agent where there is no device; numbers, mostly versions, do not count, nor what
         * stands in parentheses at the end of the device's name.
         */
        DEVICE,
        /** The network: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one. */
        ADDRESS
    }

    /**
     * A user has logged in.
     *
     * @param session the new session
     * @param novelties what is new, compared with the records that the store still has of this user; empty at the first
     *     login, and where the application knows neither device nor address
     */
    default void sessionCreated(Session session, Set<Novelty> novelties) {}

    /**
     * A refresh token was exchanged for the next one. The same exchange asked for again is not told again.
     *
     * @param session the session as it is now
     */
    default void sessionRefreshed(Session session) {}

    /**
     * The user of a session was authenticated again: it goes on under a new id, and the former id is good for nothing
     * any more.
     *
     * @param former the session as it last was under its former id
     * @param session the session as it is now
     */
    default void sessionReauthenticated(Session former, Session session) {}

    /**
     * A live session was ended. One that had expired before is not told.
     *
     * @param session the session as it last was
     * @param cause why
     */
    default void sessionEnded(Session session, EndCause cause) {}

    /**
     * A refresh token was shown again that had been used, and its session has been ended for it, which
     * {@link #sessionEnded} has told before. The token may have been stolen: warn the user.
     *
     * @param session the session as it last was
     * @param presentedBy who has shown the old token, thief or owner
     */
    default void refreshTokenReused(Session session, ClientInfo presentedBy) {}

    /**
     * A listener that writes one line per event to the log {@code io.github.sessionaware.events}, under the names of
     * OWASP's logging vocabulary: {@code session_created}, {@code session_renewed} (also after a reauthentication),
     * {@code session_ended} with the cause, {@code authn_token_reuse} as a warning. With the user id, and of the
     * session id only a hash.
     *
     * @return the listener
     */
    static SessionListener logging() {
        return new LoggingListener();
    }
}
