package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * When and how the user of a session was last authenticated: at the login, or by a later
 * {@link SessionAwareTokenService#reauthenticate}. Immutable.
 *
 * @param time when; {@code auth_time} in OpenID Connect. Anything finer than a millisecond is dropped
 * @param methods how, as the application stated: values of {@code amr} such as {@code pwd} and {@code otp} (RFC 8176),
 *     in the order given; empty if it stated nothing
 */
public record Authentication(Instant time, List<String> methods) {
    private static final int MAX_LENGTH = 255;
    private static final Pattern METHOD = Pattern.compile("[\\x21-\\x7E]{1," + MAX_LENGTH + "}");

    /**
     * Checks the methods and drops what is finer than a millisecond.
     *
     * @param time when the user was authenticated
     * @param methods names of printable ASCII characters without spaces, at most 255 characters when joined by spaces
     * @throws IllegalArgumentException if a method has another form, or the methods are too long together
     * @throws IllegalArgumentException if the time is outside the years 0 to 9999
     */
    public Authentication {
        time = SessionData.requireValidTime(time, "time");
        methods = requireValidMethods(methods);
    }

    static List<String> requireValidMethods(List<String> methods) {
        requireNonNull(methods, "methods").forEach(method -> requireNonNull(method, "methods must not contain null"));
        List<String> checked = List.copyOf(methods);
        if (!checked.stream().allMatch(method -> METHOD.matcher(method).matches())
                || String.join(" ", checked).length() > MAX_LENGTH) {
            throw new IllegalArgumentException("authentication methods must be printable ASCII characters without"
                    + " spaces, and together at most " + MAX_LENGTH + " characters");
        }
        return checked;
    }
}
