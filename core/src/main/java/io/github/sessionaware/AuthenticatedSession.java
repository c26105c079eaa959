package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.interfaces.DecodedJWT;
import java.time.Duration;
import java.time.Instant;

/**
 * The proof that a request comes from a live session: what {@code validate} returns. Immutable. {@link #toString()}
 * leaves the token out.
 *
 * @param session the session as the store knows it, this request's activity included if it was recorded
 * @param token the verified token, for the application's own claims. {@code token().getToken()} authenticates: keep it
 *     out of logs
 * @param validatedAt when it was validated, by the service's clock
 */
public record AuthenticatedSession(Session session, DecodedJWT token, Instant validatedAt) {

    /**
     * Refuses null.
     *
     * @param session the session
     * @param token the verified token
     * @param validatedAt the time of the request
     */
    public AuthenticatedSession {
        requireNonNull(session, "session");
        requireNonNull(token, "token");
        requireNonNull(validatedAt, "validatedAt");
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

    /**
     * Asks for a recent authentication before something dangerous, such as a new password (step-up, RFC 9470; OWASP
     * ASVS 5.0, 7.5.1).
     *
     * @param maxAge how long ago the user may have been authenticated, by {@code issue} or {@code reauthenticate}, this
     *     long included; zero or more
     * @throws ReauthenticationRequiredException if it is longer ago: let the user authenticate again
     * @throws IllegalArgumentException if the duration is negative
     */
    public void requireAuthenticatedWithin(Duration maxAge) {
        if (requireNonNull(maxAge, "maxAge").isNegative()) {
            throw new IllegalArgumentException("maxAge must not be negative, was " + maxAge);
        }
        if (Duration.between(session.authentication().time(), validatedAt).compareTo(maxAge) > 0) {
            throw new ReauthenticationRequiredException(maxAge);
        }
    }

    /** Returns the session and the time, without the token. */
    @Override
    public String toString() {
        return "AuthenticatedSession[session=" + session + ", token=(hidden), validatedAt=" + validatedAt + "]";
    }
}
