package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the optional settings of a login. Immutable; each {@code with…} method returns a copy:
 *
 * <pre>{@code
 * LoginOptions options = LoginOptions.none()
 *         .withTimeouts(SessionTimeouts.NIST_AAL2) // not where the user has ticked "remember me"
 *         .withAuthenticationMethods("pwd", "otp");
 * }</pre>
 *
 * @param claims more claims for the token
 * @param timeouts the session's own timeouts; null for those of the service
 * @param authenticationMethods how the user was authenticated; empty if the application does not say
 */
public record LoginOptions(
        Map<String, ?> claims, @Nullable SessionTimeouts timeouts, List<String> authenticationMethods) {
    private static final LoginOptions NONE = new LoginOptions(Map.of(), null, List.of());

    /**
     * Copies the map and the list. Names and types of claims are checked when the token is made.
     *
     * @param claims more claims for the token
     * @param timeouts the session's own timeouts, or null
     * @param authenticationMethods as {@link Authentication} takes them
     * @throws IllegalArgumentException if an authentication method is refused
     */
    public LoginOptions {
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(requireNonNull(claims, "claims")));
        authenticationMethods = Authentication.requireValidMethods(authenticationMethods);
    }

    /**
     * Returns options without claims, with the service's timeouts and without authentication methods.
     *
     * @return the options of a plain login
     */
    public static LoginOptions none() {
        return NONE;
    }

    /**
     * Sets claims of the application, in place of those set before.
     *
     * @param claims values of type String, Boolean, Integer, Long, Double, Instant, Date, and lists and maps of them,
     *     under names that this library does not use itself. Anyone who holds the token can read them. A value that
     *     JSON cannot hold, such as NaN or a lone surrogate, arrives changed. Later tokens of the session do not carry
     *     these claims
     * @return a copy
     */
    public LoginOptions withClaims(Map<String, ?> claims) {
        return new LoginOptions(claims, timeouts, authenticationMethods);
    }

    /**
     * Gives the session its own timeouts, for instance short ones unless the user has ticked "remember me". They are
     * stored with the session. A login whose timeouts are longer than the service's is refused. If the service's
     * timeouts become shorter later, the shorter ones count.
     *
     * @param timeouts within the service's {@code idleTimeout} and {@code absoluteTimeout}; the idle timeout must be
     *     longer than the service's activity interval
     * @return a copy
     */
    public LoginOptions withTimeouts(SessionTimeouts timeouts) {
        return new LoginOptions(claims, requireNonNull(timeouts, "timeouts"), authenticationMethods);
    }

    /**
     * Sets how the user was authenticated, in place of what was set before.
     *
     * @param methods values of {@code amr} (RFC 8176) such as {@code pwd}, {@code otp} or {@code hwk}
     * @return a copy
     * @throws IllegalArgumentException if a method is empty, or contains a space or a character outside printable
     *     ASCII, or if the methods, joined by spaces, are longer than 255 characters
     */
    public LoginOptions withAuthenticationMethods(String... methods) {
        return new LoginOptions(claims, timeouts, Arrays.asList(requireNonNull(methods, "methods")));
    }
}
