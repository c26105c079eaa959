package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
    private static final LoginOptions DEFAULTS = new LoginOptions(new Draft());

    private final Map<String, ?> claims;
    private final @Nullable SessionTimeouts timeouts;
    private final List<String> authenticationMethods;
    private final @Nullable Instant authenticatedAt;
    private final @Nullable String category;
    private final @Nullable Map<String, String> attributes;
    private final @Nullable BooleanSupplier stillAllowed;
    private final @Nullable SessionLimit sessionLimit;

    private LoginOptions(Draft draft) {
        claims = draft.claims;
        timeouts = draft.timeouts;
        authenticationMethods = draft.authenticationMethods;
        authenticatedAt = draft.authenticatedAt;
        category = draft.category;
        attributes = draft.attributes;
        stillAllowed = draft.stillAllowed;
        sessionLimit = draft.sessionLimit;
    }

    /**
     * Returns options that set nothing. A login then has no claims of the application, the service's timeouts and
     * session limit, no authentication methods, the category {@code device}, and no attributes.
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
     *     that JSON cannot hold, such as NaN or a lone surrogate, arrives changed. If the service issues refresh
     *     tokens, it accepts claims here only with {@link SessionAwareTokenServiceBuilder#claimsOnRefresh}, because a
     *     refresh would drop them otherwise
     * @return a copy
     */
    public LoginOptions withClaims(Map<String, ?> claims) {
        Map<String, ?> copy = Collections.unmodifiableMap(new LinkedHashMap<>(requireNonNull(claims, "claims")));
        return with(draft -> draft.claims = copy);
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
        requireNonNull(timeouts, "timeouts");
        return with(draft -> draft.timeouts = timeouts);
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
        return with(draft -> draft.authenticationMethods = checked);
    }

    /**
     * Sets when the user was authenticated, if that happened elsewhere or earlier, for instance at an identity
     * provider. The absolute timeout counts from this time, and {@link AuthenticatedSession#requireAuthenticatedWithin}
     * uses it. Default: the time of the call.
     *
     * @param authenticatedAt when; anything finer than a millisecond is dropped. The call refuses a time in the future,
     *     and one that is as long ago as the absolute timeout
     * @return a copy
     * @throws IllegalArgumentException if the time is outside the years 0 to 9999
     */
    public LoginOptions withAuthenticatedAt(Instant authenticatedAt) {
        Instant checked = SessionData.requireValidTime(authenticatedAt, "authenticatedAt");
        return with(draft -> draft.authenticatedAt = checked);
    }

    /**
     * Asks the application once more whether the login is allowed, after its session has been stored and before its
     * tokens are returned. If the answer is no, the session ends at once and the login is refused with
     * {@link LoginRefusedException}.
     *
     * <p>This closes a race. A login checks the password, and the password is changed and all sessions are revoked
     * before the login has stored its session. That session would survive the change. Let the supplier read again, from
     * the primary database, what the login was based on, such as a version of the password:
     *
     * <pre>{@code
     * Account account = accounts.find(name); // and check the password
     * LoginOptions options = LoginOptions.defaults()
     *         .withStillAllowed(() -> accounts.passwordVersion(account.id()) == account.passwordVersion());
     * }</pre>
     *
     * <p>The change of the password must raise the version first and revoke the sessions after that. Then either the
     * revocation finds the session, or the supplier sees the new version.
     *
     * <p>If the session limit has ended other sessions for the login, they stay ended. Listeners receive no event of a
     * refused login. If the supplier refuses a {@code reauthenticate}, the session ends with the cause
     * {@link EndCause#UNSPECIFIED}. If it refuses a {@code migrateStateless} whose token led to a session before, that
     * session lives on.
     *
     * @param stillAllowed returns whether the login is still allowed; runs on the thread of the call. If it throws, the
     *     session ends too, and the exception reaches the caller
     * @return a copy
     */
    public LoginOptions withStillAllowed(BooleanSupplier stillAllowed) {
        requireNonNull(stillAllowed, "stillAllowed");
        return with(draft -> draft.stillAllowed = stillAllowed);
    }

    /**
     * Sets what kind of login this is, such as {@code api} or {@code support}. The category is stored with the session
     * and listed. A {@code reauthenticate} that changes the category counts toward no limit.
     *
     * @param category 1 to 32 lower-case letters, digits and hyphens, beginning with a letter
     * @return a copy
     * @throws IllegalArgumentException if the category has another form
     */
    public LoginOptions withCategory(String category) {
        SessionData.requireValidCategory(category);
        return with(draft -> draft.category = category);
    }

    /**
     * Sets the session limit for this login, in place of the service's. It lets the owner of an account in whose place
     * a thief has logged in until a limit with {@link SessionLimit.AtLimit#REFUSE_LOGIN} refuses everybody: after
     * checking the password, log the owner in once with a limit that ends sessions.
     *
     * @param sessionLimit the limit for the sessions of this user in the category of this login;
     *     {@link SessionLimit#unlimited()} for none. A renewed authentication ignores it, because it creates no session
     * @return a copy
     */
    public LoginOptions withSessionLimit(SessionLimit sessionLimit) {
        requireNonNull(sessionLimit, "sessionLimit");
        return with(draft -> draft.sessionLimit = sessionLimit);
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
        Map<String, String> checked = SessionData.requireValidAttributes(attributes);
        return with(draft -> draft.attributes = checked);
    }

    /**
     * Adds one attribute to those that these options set, or replaces the one of the same name.
     *
     * @param name as for {@link #withAttributes}
     * @param value as for {@link #withAttributes}
     * @return a copy
     * @throws IllegalArgumentException if a limit is exceeded, or the name or the value has another form
     */
    public LoginOptions withAttribute(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(attributes == null ? Map.of() : attributes);
        all.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return withAttributes(all);
    }

    private LoginOptions with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.claims = claims;
        draft.timeouts = timeouts;
        draft.authenticationMethods = authenticationMethods;
        draft.authenticatedAt = authenticatedAt;
        draft.category = category;
        draft.attributes = attributes;
        draft.stillAllowed = stillAllowed;
        draft.sessionLimit = sessionLimit;
        change.accept(draft);
        return new LoginOptions(draft);
    }

    Map<String, ?> claims() {
        return claims;
    }

    /** Returns null if the session keeps its timeouts, or has those of the service. */
    @Nullable
    SessionTimeouts timeouts() {
        return timeouts;
    }

    /**
     * Returns when and how the user of a session was authenticated again. The time never moves back: this node's clock
     * may be behind that of the node which recorded the last authentication.
     */
    Authentication authenticationAfter(Authentication last, Instant now) {
        Authentication next = authentication(now);
        if (!next.time().isBefore(last.time())) {
            return next;
        }
        if (authenticatedAt != null) {
            throw new IllegalArgumentException("authenticatedAt must not be before the session's last authentication ("
                    + last.time() + "), was " + authenticatedAt);
        }
        return new Authentication(last.time(), authenticationMethods);
    }

    /** Returns when and how the user was authenticated, at the given time unless the application says otherwise. */
    Authentication authentication(Instant now) {
        if (authenticatedAt != null && authenticatedAt.isAfter(now)) {
            throw new IllegalArgumentException(
                    "authenticatedAt must not be in the future, was " + authenticatedAt + " at " + now);
        }
        return new Authentication(authenticatedAt == null ? now : authenticatedAt, authenticationMethods);
    }

    /** Returns null if the user was authenticated at the time of the call. */
    @Nullable
    Instant authenticatedAt() {
        return authenticatedAt;
    }

    /** Returns null if the application need not be asked again. */
    @Nullable
    BooleanSupplier stillAllowed() {
        return stillAllowed;
    }

    /** Returns null if the limit of the service applies. */
    @Nullable
    SessionLimit sessionLimit() {
        return sessionLimit;
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

    /** The parts of a copy that is being made. */
    private static final class Draft {
        private Map<String, ?> claims = Map.of();
        private @Nullable SessionTimeouts timeouts;
        private List<String> authenticationMethods = List.of();
        private @Nullable Instant authenticatedAt;
        private @Nullable String category;
        private @Nullable Map<String, String> attributes;
        private @Nullable BooleanSupplier stillAllowed;
        private @Nullable SessionLimit sessionLimit;
    }
}
