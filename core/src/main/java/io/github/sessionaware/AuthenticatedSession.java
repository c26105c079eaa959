package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.interfaces.DecodedJWT;
import java.time.Duration;
import java.time.Instant;

/**
 * Proves that a request comes from a live session. {@link SessionAwareTokenService#validate} returns it. Immutable.
 * {@link #toString()} omits the token.
 *
 * @param session the session as stored, with the activity of this request if that was recorded
 * @param token the verified token, from which the application reads its own claims. {@code token().getToken()}
 *     authenticates: keep it out of logs
 * @param validatedAt when the request was validated, by the service's clock
 */
public record AuthenticatedSession(Session session, DecodedJWT token, Instant validatedAt) {

    /**
     * Checks that nothing is null.
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
     * Returns the id of the logged-in user.
     *
     * @return the session's user id
     */
    public String userId() {
        return session.userId();
    }

    /**
     * Returns the id of the session that made the request: "this device" on a devices page.
     *
     * @return the session's id
     */
    public String sessionId() {
        return session.id();
    }

    /**
     * Requires a recent authentication of the user. Call it before a dangerous operation, such as setting a new
     * password (step-up, RFC 9470; OWASP ASVS 5.0, 7.5.1).
     *
     * @param maxAge how long ago the last authentication, by {@code issue} or {@code reauthenticate}, may be; zero or
     *     more. An authentication exactly this long ago is accepted
     * @throws ReauthenticationRequiredException if the authentication is older: let the user authenticate again
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
