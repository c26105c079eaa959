package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a request comes from a live session. Only the {@code validate} methods of
 * {@link SessionAwareTokenService} create it. Immutable. It holds no token, so logging an instance is harmless.
 *
 * <p>It is true for the moment of the validation. Use it during that request, at the service that returned it, and keep
 * it no longer: a session that is revoked afterwards may still finish its request.
 */
public final class AuthenticatedSession {
    private final TokenCodec validatedBy;
    private final SessionRecord record;
    private final VerifiedClaims claims;
    private final Instant validatedAt;

    AuthenticatedSession(TokenCodec validatedBy, SessionRecord record, VerifiedClaims claims, Instant validatedAt) {
        this.validatedBy = validatedBy;
        this.record = record;
        this.claims = claims;
        this.validatedAt = validatedAt;
    }

    /** {@return the id of the logged-in user, exactly as given to {@code issue}} */
    public String userId() {
        return record.userId();
    }

    /** {@return the id of the session that made the request} */
    public String sessionId() {
        return record.id();
    }

    /**
     * {@return the session that made the request, with the activity of this request if that was recorded; marked as
     * current}
     */
    public Session session() {
        return Session.of(record, record.id());
    }

    /** {@return when the request was validated, by the service's clock} */
    public Instant validatedAt() {
        return validatedAt;
    }

    /**
     * {@return all claims of the token: those of the application and those that this library sets, in a map that is
     * immutable with everything in it} Values are {@code String}, {@code Boolean}, {@code Integer}, {@code Long},
     * {@code BigInteger}, {@code Double}, null, and lists and maps of them.
     */
    public Map<String, @Nullable Object> claims() {
        return claims.all();
    }

    /**
     * Returns one claim of the token.
     *
     * @param name the name of the claim
     * @param type the type of its value, as {@link #claims()} lists them. {@code Long} and {@code Double} also accept a
     *     smaller whole number, and {@code Instant} accepts a whole number of seconds
     * @param <T> the type of its value
     * @return the value; empty if the token has no such claim, or its value is null
     * @throws IllegalArgumentException if the value has another type
     */
    public <T> Optional<T> claim(String name, Class<T> type) {
        return claims.claim(name, type);
    }

    /**
     * Returns the elements of one claim that is a list, such as the user's roles.
     *
     * @param name the name of the claim
     * @param elementType the type of each element, as for {@link #claim}
     * @param <T> the type of each element
     * @return an immutable list; empty if the token has no such claim, or its value is null
     * @throws IllegalArgumentException if the value is no list, or an element is null or has another type
     */
    public <T> List<T> claimList(String name, Class<T> elementType) {
        return claims.claims(name, elementType);
    }

    /**
     * Requires that the user had been authenticated recently when this request was validated. Call it before a
     * dangerous operation, such as setting a new password (step-up, RFC 9470; OWASP ASVS 5.0, 7.5.1). After a
     * {@code reauthenticate}, the client must repeat the request with its new token.
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
        if (Duration.between(record.authentication().time(), validatedAt).compareTo(maxAge) > 0) {
            throw new ReauthenticationRequiredException(maxAge);
        }
    }

    /**
     * Requires that the session is bound to a key of its device ({@link ExperimentalBoundSessions}). With a
     * {@link SessionAwareTokenServiceBuilder#maxStaleness}, this session may be from before the binding, so call
     * {@link SessionAwareTokenService#revalidate} before. Experimental: may change in a minor release.
     *
     * @throws InvalidTokenException with the reason {@link InvalidTokenException.Reason#NOT_DEVICE_BOUND} if it is not:
     *     let the user log in again, with a browser that can bind sessions
     */
    public void requireDeviceBound() {
        if (record.deviceKey() == null) {
            throw new InvalidTokenException(InvalidTokenException.Reason.NOT_DEVICE_BOUND);
        }
    }

    /**
     * Refuses a session whose token the service would not accept. Its user may be another person, and its token may be
     * a ticket that permits less.
     */
    AuthenticatedSession requireAcceptedBy(TokenCodec codec) {
        if (!codec.accepts(claims, validatedBy)) {
            throw new IllegalArgumentException("current was validated by another service, and its token has an issuer,"
                    + " an audience or a type that this service refuses: pass it to the service that validated it");
        }
        return this;
    }

    /** Returns this for the same instance, because most requests record no activity. Otherwise returns a copy. */
    @SuppressWarnings("ReferenceEquality")
    AuthenticatedSession with(SessionRecord now) {
        return now == record ? this : new AuthenticatedSession(validatedBy, now, claims, validatedAt);
    }

    SessionRecord record() {
        return record;
    }

    VerifiedClaims verifiedClaims() {
        return claims;
    }

    int generation() {
        return record.generation();
    }

    /** Returns this session as a later read has seen it. */
    AuthenticatedSession validatedAgain(SessionRecord seen, Instant now) {
        return new AuthenticatedSession(validatedBy, seen, claims, now);
    }

    /** Returns the user, the session and the time, without claims. */
    @Override
    public String toString() {
        return "AuthenticatedSession[userId=" + userId() + ", session=" + session() + ", validatedAt=" + validatedAt
                + "]";
    }
}
