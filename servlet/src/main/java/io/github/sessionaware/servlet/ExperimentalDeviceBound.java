package io.github.sessionaware.servlet;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * How a filter binds the sessions of browsers to keys of their devices, by Device Bound Session Credentials, a draft of
 * the W3C ({@link SessionFilterBuilder#deviceBound}). Immutable; each {@code with…} method returns a copy.
 *
 * <p><strong>Experimental: may change in a minor release</strong>, because the draft may.
 */
public final class ExperimentalDeviceBound {
    private static final ExperimentalDeviceBound DEFAULTS =
            new ExperimentalDeviceBound("/device-bound", List.of(), session -> false, Duration.ZERO);

    private final String path;
    private final List<String> excluded;
    private final Predicate<AuthenticatedSession> required;
    private final Duration grace;

    private ExperimentalDeviceBound(
            String path, List<String> excluded, Predicate<AuthenticatedSession> required, Duration grace) {
        this.path = path;
        this.excluded = excluded;
        this.required = required;
        this.grace = grace;
    }

    /**
     * Returns the defaults: each browser that can is asked to bind its session, and none has to.
     *
     * @return the settings
     */
    public static ExperimentalDeviceBound defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the path below which the filter answers the browser: {@code /registration} and {@code /renewal}. The
     * container must pass requests for it to the filter. Tomcat does so only if a servlet is mapped to the path, such
     * as the default servlet. Default: {@code /device-bound}.
     *
     * @param path below the context path, without a slash at the end
     * @return a copy
     * @throws IllegalArgumentException if the path has another form
     */
    public ExperimentalDeviceBound withPath(String path) {
        if (path.endsWith("*") || path.endsWith("/")) {
            throw new IllegalArgumentException("The path must be like /device-bound, was " + path);
        }
        return new ExperimentalDeviceBound(SessionFilterBuilder.checked(path).get(0), excluded, required, grace);
    }

    /**
     * Sets the paths whose requests need not wait until the browser has renewed its cookie, in place of those set
     * before: what needs no session, such as {@code /static/*}. The filter does not let them pass for this; that is
     * {@link SessionFilterBuilder#open}. A browser also excludes all paths below a whole one. At an excluded path a
     * user looks signed out once the cookie has expired, so exclude no page that knows its user. Default: none.
     *
     * @param paths as for {@link SessionFilterBuilder#open}, except {@code /} and {@code /*}: a browser would exclude
     *     every path, and never renew
     * @return a copy
     * @throws IllegalArgumentException if a path has another form, or would exclude every path
     */
    public ExperimentalDeviceBound withExcluded(String... paths) {
        List<String> checked = SessionFilterBuilder.checked(paths);
        if (checked.contains("/") || checked.contains("/*")) {
            throw new IllegalArgumentException("/ and /* exclude every path, and the browser would never renew");
        }
        return new ExperimentalDeviceBound(path, checked, required, grace);
    }

    /**
     * Sets which sessions of browsers must be bound, for instance those of staff. A session that must be bound and is
     * not passes for some time after its login or the last authentication, in which the browser can bind it. Then the
     * filter refuses it, and the user signs in again; {@link SessionFilter#ended} says why. Default: none must be.
     *
     * <p>A filter with {@link SessionFilterBuilder#bearer} refuses the bearer tokens of such a session too. Otherwise
     * whoever copied its cookies could send them in another way. So do not require it of the sessions of clients that
     * cannot bind any, for instance by their {@link Session#category}.
     *
     * @param required called for each request of a session that is not bound, after the grace time
     * @param grace zero or more; browsers need seconds
     * @return a copy
     * @throws IllegalArgumentException if the duration is negative
     */
    public ExperimentalDeviceBound withRequired(Predicate<AuthenticatedSession> required, Duration grace) {
        if (requireNonNull(grace, "grace").isNegative()) {
            throw new IllegalArgumentException("grace must not be negative, was " + grace);
        }
        return new ExperimentalDeviceBound(path, excluded, requireNonNull(required, "required"), grace);
    }

    String registrationPath() {
        return path + "/registration";
    }

    String renewalPath() {
        return path + "/renewal";
    }

    List<String> excluded() {
        return excluded;
    }

    /**
     * Returns the session, or refuses one that must be bound and is not. An authentication by another site may lie
     * before the login, so the later of the two counts.
     */
    AuthenticatedSession requireBound(AuthenticatedSession current, SessionAwareTokenService tokens) {
        Session session = current.session();
        Instant authenticated = session.authentication().time();
        Instant since = authenticated.isAfter(session.createdAt()) ? authenticated : session.createdAt();
        boolean isLate = Duration.between(since, current.validatedAt()).compareTo(grace) > 0;
        return isLate && !session.deviceBound() && required.test(current) ? bound(current, tokens) : current;
    }

    /**
     * Returns the session if it is bound, or refuses it. Asks the store before a refusal, because a recent read may be
     * from before the binding.
     */
    static AuthenticatedSession bound(AuthenticatedSession current, SessionAwareTokenService tokens) {
        AuthenticatedSession latest = current.session().deviceBound() ? current : tokens.revalidate(current);
        latest.requireDeviceBound();
        return latest;
    }
}
