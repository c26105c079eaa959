package io.github.sessionaware;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Issues the tokens of one call. An attempt that another caller's change made vain leaves its access token to the next
 * attempt, because a key service may bill each signature and take long for it. Not thread-safe.
 */
final class OneSignature {
    private final TokenIssuer issuer;
    private @Nullable IssuedTokens signed;

    OneSignature(TokenIssuer issuer) {
        this.issuer = issuer;
    }

    /** Signs unless an earlier attempt has signed a token that this session may have too. */
    IssuedTokens tokens(
            SessionRecord session, Supplier<Map<String, ?>> claims, @Nullable RefreshToken refreshToken, Instant now) {
        IssuedTokens earlier = signed;
        if (earlier != null && haveSameToken(earlier.record(), session)) {
            return earlier.with(refreshToken, session);
        }
        IssuedTokens tokens = issuer.tokens(session, claims.get(), refreshToken, now);
        signed = tokens;
        return tokens;
    }

    /**
     * Compares what determines an access token and its expiry. A rename, an activity or another refresh at the same
     * time does not: it could as well come a moment after the signature.
     */
    private static boolean haveSameToken(SessionRecord one, SessionRecord other) {
        return one.generation() == other.generation()
                && one.category().equals(other.category())
                && one.attributes().equals(other.attributes())
                && one.authentication().equals(other.authentication())
                && Objects.equals(one.timeouts(), other.timeouts())
                && Objects.equals(one.deviceKey(), other.deviceKey());
    }
}
