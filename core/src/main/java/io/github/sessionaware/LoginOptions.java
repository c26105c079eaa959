package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The optional settings of a login. Immutable; each {@code with…} method returns a copy:
 *
 * <pre>{@code
 * LoginOptions options = LoginOptions.defaults()
 *         .withTimeouts(SessionTimeouts.NIST_AAL2) // not where the user has ticked "remember me"
 *         .withAuthenticationMethods("pwd", "otp");
 * }</pre>
 */
public final class LoginOptions {
    private static final LoginOptions DEFAULTS = new LoginOptions(Map.of(), null, List.of(), null, null);

    private final Map<String, ?> claims;
    private final @Nullable SessionTimeouts timeouts;
    private final List<String> authenticationMethods;
    private final @Nullable String category;
    private final @Nullable Map<String, String> attributes;

    private LoginOptions(
            Map<String, ?> claims,
            @Nullable SessionTimeouts timeouts,
            List<String> authenticationMethods,
            @Nullable String category,
            @Nullable Map<String, String> attributes) {
        this.claims = claims;
        this.timeouts = timeouts;
        this.authenticationMethods = authenticationMethods;
        this.category = category;
        this.attributes = attributes;
    }

    /**
     * Returns options that set nothing. A login then has no claims of the application, the service's timeouts, no
     * authentication methods, the category {@code device}, and no attributes.
     *
     * @return the options
     */
    public static LoginOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets claims of the application, in place of those set before. Names and types are checked when the token is made.
     *
     * @param claims values of type String, Boolean, Integer, Long, Double, Instant, Date, and lists and maps of them,
     *     under names that this library does not use itself; copied. Anyone who holds the token can read them. A value
     *     that JSON cannot hold, such as NaN or a lone surrogate, arrives changed. Later tokens of the session do not
     *     carry these claims
     * @return a copy
     */
    public LoginOptions withClaims(Map<String, ?> claims) {
        Map<String, ?> copy = Collections.unmodifiableMap(new LinkedHashMap<>(requireNonNull(claims, "claims")));
        return new LoginOptions(copy, timeouts, authenticationMethods, category, attributes);
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
        return new LoginOptions(
                claims, requireNonNull(timeouts, "timeouts"), authenticationMethods, category, attributes);
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
        List<String> checked = Authentication.requireValidMethods(Arrays.asList(requireNonNull(methods, "methods")));
        return new LoginOptions(claims, timeouts, checked, category, attributes);
    }

    /**
     * Sets what kind of login this is, such as {@code api} or {@code support}. The category is stored with the session
     * and listed.
     *
     * @param category 1 to 32 lower-case letters, digits and hyphens, beginning with a letter
     * @return a copy
     * @throws IllegalArgumentException if the category has another form
     */
    public LoginOptions withCategory(String category) {
        return new LoginOptions(
                claims, timeouts, authenticationMethods, SessionData.requireValidCategory(category), attributes);
    }

    /**
     * Sets data of the application that is stored with the session, in place of what was set before. It stays through
     * refreshes and renewed authentications, and {@link SessionAwareTokenServiceBuilder#claimsOnRefresh} receives it.
     * It is listed with the session, so keep secrets out of it.
     *
     * @param attributes at most 16 entries, with together at most 2,048 characters; copied. Names are 1 to 64 printable
     *     ASCII characters without spaces. Values contain no control characters and no lone surrogates
     * @return a copy
     * @throws IllegalArgumentException if a limit is exceeded, or a name or a value has another form
     */
    public LoginOptions withAttributes(Map<String, String> attributes) {
        return new LoginOptions(
                claims, timeouts, authenticationMethods, category, SessionData.requireValidAttributes(attributes));
    }

    Map<String, ?> claims() {
        return claims;
    }

    /** Returns null if the session keeps its timeouts, or has those of the service. */
    @Nullable
    SessionTimeouts timeouts() {
        return timeouts;
    }

    List<String> authenticationMethods() {
        return authenticationMethods;
    }

    /** Sets on a record what these options say; what they do not say stays. */
    SessionRecord.Builder applyTo(SessionRecord.Builder session) {
        if (timeouts != null) {
            session.timeouts(timeouts);
        }
        if (category != null) {
            session.category(category);
        }
        if (attributes != null) {
            session.attributes(attributes);
        }
        return session;
    }
}
