package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a login may say beside who and where. Immutable; each {@code with…} returns a copy:
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
     * No claims, the service's timeouts, nothing known of how the user was authenticated.
     *
     * @return the options of a plain login
     */
    public static LoginOptions none() {
        return NONE;
    }

    /**
     * Adds claims of the application's own, in place of those given before.
     *
     * @param claims String, Boolean, Integer, Long, Double, Instant, Date, and lists and maps of them, under names that
     *     this library does not use itself. Readable by whoever holds the token. What JSON cannot hold, such as NaN or
     *     a lone surrogate, arrives changed. Not kept for later tokens of the session
     * @return a copy
     */
    public LoginOptions withClaims(Map<String, ?> claims) {
        return new LoginOptions(claims, timeouts, authenticationMethods);
    }

    /**
     * Gives the session timeouts of its own, for instance short ones unless the user has ticked "remember me". They
     * stay with the session. Longer ones than the service's are refused at the login; where the service's become
     * shorter later, those count.
     *
     * @param timeouts within the service's {@code idleTimeout} and {@code absoluteTimeout}, the idle one longer than
     *     its activity interval
     * @return a copy
     */
    public LoginOptions withTimeouts(SessionTimeouts timeouts) {
        return new LoginOptions(claims, requireNonNull(timeouts, "timeouts"), authenticationMethods);
    }

    /**
     * Says how the user was authenticated.
     *
     * @param methods values of {@code amr} (RFC 8176) such as {@code pwd}, {@code otp} or {@code hwk}
     * @return a copy
     * @throws IllegalArgumentException if a method is empty, or holds spaces or other than printable ASCII characters,
     *     or they are over 255 characters together
     */
    public LoginOptions withAuthenticationMethods(String... methods) {
        return new LoginOptions(claims, timeouts, Arrays.asList(requireNonNull(methods, "methods")));
    }
}
