package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.interfaces.DecodedJWT;

/**
 * The proof that a request comes from a live session: what {@code validate} returns. Immutable. {@link #toString()}
 * leaves the token out.
 *
 * @param session the session as the store knows it, this request's activity included if it was recorded
 * @param token the verified token, for the application's own claims. {@code token().getToken()} authenticates: keep it
 *     out of logs
 */
public record AuthenticatedSession(Session session, DecodedJWT token) {

    /**
     * Refuses null.
     *
     * @param session the session
     * @param token the verified token
     */
    public AuthenticatedSession {
        requireNonNull(session, "session");
        requireNonNull(token, "token");
    }

    /**
     * The user who is logged in.
     *
     * @return the session's user id
     */
    public String userId() {
        return session.userId();
    }

    /**
     * The session that made the request; on a devices page, "this device".
     *
     * @return the session's id
     */
    public String sessionId() {
        return session.id();
    }

    /** Returns the session, without the token. */
    @Override
    public String toString() {
        return "AuthenticatedSession[session=" + session + ", token=(hidden)]";
    }
}
