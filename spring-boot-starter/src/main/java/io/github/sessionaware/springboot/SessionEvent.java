package io.github.sessionaware.springboot;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.SessionListener.Novelty;
import java.util.Set;

/**
 * What {@link SessionListener} is notified of, as an event of the application, except the renewals that browsers report
 * as skipped, because nothing of such a report is verified:
 *
 * <pre>{@code
 * @EventListener
 * void warn(SessionEvent.RefreshTokenReused event) {
 *     mails.send(event.userId(), "Your session may have been stolen");
 * }
 * }</pre>
 *
 * <p>An event is published after the change was committed, on the thread of the change. So use {@code @EventListener},
 * not {@code @TransactionalEventListener}: the transaction is over by then. A listener that throws has no effect on the
 * change. Events are published on the node that made the change only.
 *
 * <p>Later releases may add kinds of events, so give a {@code switch} a default.
 */
public interface SessionEvent {
    /**
     * Returns the user.
     *
     * @return the user id
     */
    String userId();

    /**
     * Returns the session.
     *
     * @return the session as it is after the change; if it has ended, as it last was
     */
    Session session();

    /**
     * A user has logged in.
     *
     * @param userId the user
     * @param session the new session
     * @param novelties what is new about the login
     * @see SessionListener#sessionCreated
     */
    record Created(String userId, Session session, Set<Novelty> novelties) implements SessionEvent {}

    /**
     * A refresh token was exchanged for the next one.
     *
     * @param userId the user
     * @param session the session
     * @param before what was known about the client before
     * @see SessionListener#sessionRefreshed
     */
    record Refreshed(String userId, Session session, ClientInfo before) implements SessionEvent {}

    /**
     * A used refresh token was presented again within the grace window, and led to the same next token.
     *
     * @param userId the user
     * @param session the session
     * @param retriedBy the client that presented it again
     * @param differences in what that client differs from the session's
     * @see SessionListener#refreshRetried
     */
    record RefreshRetried(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences)
            implements SessionEvent {}

    /**
     * A retry of a refresh was refused because of its differences.
     *
     * @param userId the user
     * @param session the session
     * @param retriedBy the client that presented the token again
     * @param differences in what that client differs from the session's
     * @see SessionListener#refreshRetryRefused
     */
    record RefreshRetryRefused(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences)
            implements SessionEvent {}

    /**
     * The user of a session was authenticated again.
     *
     * @param userId the user
     * @param session the session
     * @see SessionListener#sessionReauthenticated
     */
    record Reauthenticated(String userId, Session session) implements SessionEvent {}

    /**
     * A live session was ended.
     *
     * @param userId the user
     * @param session the session as it last was
     * @param cause why it was ended
     * @see SessionListener#sessionEnded
     */
    record Ended(String userId, Session session, EndCause cause) implements SessionEvent {}

    /**
     * A used refresh token was presented again, and its session was ended for that.
     *
     * @param userId the user
     * @param session the session as it last was
     * @param presentedBy the client that presented it: the thief or the owner
     * @see SessionListener#refreshTokenReused
     */
    record RefreshTokenReused(String userId, Session session, ClientInfo presentedBy) implements SessionEvent {}

    /**
     * A session was bound to a key of its device. Experimental: may change in a minor release.
     *
     * @param userId the user
     * @param session the session
     * @see SessionListener#deviceBound
     */
    record DeviceBound(String userId, Session session) implements SessionEvent {}

    /**
     * A proof for a bound session, or something in the place of one, was refused. Experimental: may change in a minor
     * release.
     *
     * @param userId the user
     * @param session the session
     * @param presentedBy the client that presented it, and got nothing
     * @param refusal why it was refused
     * @see SessionListener#deviceProofRefused
     */
    record DeviceProofRefused(
            String userId, Session session, ClientInfo presentedBy, ExperimentalDeviceBinding.Refusal refusal)
            implements SessionEvent {}
}
