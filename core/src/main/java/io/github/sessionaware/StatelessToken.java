package io.github.sessionaware;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A verified token that belongs to no session, from before the application had sessions.
 * {@link SessionAwareTokenService#validateStateless} returns it. Immutable.
 */
public final class StatelessToken {
    private final VerifiedClaims claims;

    StatelessToken(VerifiedClaims claims) {
        this.claims = claims;
    }

    /** {@return the user whom the token names, from the claim {@code sub}} */
    public String userId() {
        return claims.userId();
    }

    /** {@return when the token was issued, from the claim {@code iat}} */
    public Instant issuedAt() {
        return claims.issuedAt();
    }

    /** {@return all claims of the token, as {@link AuthenticatedSession#claims()} returns them} */
    public Map<String, @Nullable Object> claims() {
        return claims.all();
    }

    /**
     * Returns one claim, as {@link AuthenticatedSession#claim} does.
     *
     * @param name the name of the claim
     * @param type the type of its value
     * @param <T> the type of its value
     * @return the value; empty if the token has no such claim, or its value is null
     * @throws IllegalArgumentException if the value has another type
     */
    public <T> Optional<T> claim(String name, Class<T> type) {
        return claims.claim(name, type);
    }

    /**
     * Returns the elements of one claim that is a list, as {@link AuthenticatedSession#claimList} does.
     *
     * @param name the name of the claim
     * @param elementType the type of each element
     * @param <T> the type of each element
     * @return an immutable list; empty if the token has no such claim
     * @throws IllegalArgumentException if the value is no list, or an element has another type
     */
    public <T> List<T> claimList(String name, Class<T> elementType) {
        return claims.claims(name, elementType);
    }

    /** Returns the user id and the time, without the token. */
    @Override
    public String toString() {
        return "StatelessToken[userId=" + userId() + ", issuedAt=" + issuedAt() + "]";
    }
}
