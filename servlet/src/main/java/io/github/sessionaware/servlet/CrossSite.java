package io.github.sessionaware.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that a page of another site, or of another host of the same site, made the browser send with this
 * site's cookies (OWASP ASVS 5.0, 3.5.1 and 3.5.3). The browser itself says where a request comes from.
 */
final class CrossSite {
    /** The form field and the header that carry the token of a form. */
    static final String FIELD = "csrf";

    static final String HEADER = "X-CSRF-Token";

    /** Methods that must change nothing (RFC 9110, section 9.2.1). */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final Set<String> origins;
    private final @Nullable FormTokens forms;

    /**
     * Creates the rule.
     *
     * @param origins the application's own origins; empty if the one that the request names is its own
     * @param forms null if the application's forms carry no tokens
     */
    CrossSite(Set<String> origins, @Nullable FormTokens forms) {
        this.origins = Set.copyOf(origins);
        this.forms = forms;
    }

    /** What the browser says about a request. */
    enum Verdict {
        /** A page of this application caused it, or it may not change anything. */
        OURS,
        /** Another site caused it. */
        FOREIGN,
        /** The client does not say, because it is an older browser or no browser. */
        UNKNOWN;

        /** Ends the call for a request that another site caused. */
        Verdict requireNotForeign() {
            if (this == FOREIGN) {
                throw new CrossSiteException();
            }
            return this;
        }
    }

    Verdict judge(HttpServletRequest request) {
        if (SAFE.contains(request.getMethod()) && !opensWebSocket(request)) {
            return Verdict.OURS;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        if (isTrusted(request, origin)) {
            return Verdict.OURS;
        }
        // A page with the policy no-referrer sends the origin null with its own forms.
        boolean isNamed = origin != null && !origin.equals("null");
        if (site != null) {
            boolean isSame = site.equals("same-origin") || site.equals("none");
            return isSame && !(isNamed && !origins.isEmpty()) ? Verdict.OURS : Verdict.FOREIGN;
        }
        return origin == null ? Verdict.UNKNOWN : Verdict.FOREIGN;
    }

    /** Such a request is a GET, and no rule of the browser keeps other sites from sending one. */
    private static boolean opensWebSocket(HttpServletRequest request) {
        String upgrade = request.getHeader("Upgrade");
        return upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
    }

    private boolean isTrusted(HttpServletRequest request, @Nullable String origin) {
        return origin != null
                && (origins.isEmpty()
                        ? origin.equals(request.getScheme() + "://" + request.getHeader("Host"))
                        : origins.contains(origin));
    }

    /** Ends the call if the verdict is unknown and the request lacks the form token of the session. */
    void requireFormToken(HttpServletRequest request, Verdict verdict, String sessionId) {
        if (verdict == Verdict.UNKNOWN && !hasFormToken(request, sessionId)) {
            throw new CrossSiteException();
        }
    }

    /** Returns whether a request carries the form token of the session. Reads the body if the header is missing. */
    private boolean hasFormToken(HttpServletRequest request, String sessionId) {
        if (forms == null) {
            return false;
        }
        String header = request.getHeader(HEADER);
        String given = header == null ? request.getParameter(FIELD) : header;
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8),
                        forms.of(sessionId).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the token for forms of the session; empty if the application's forms carry none. */
    Optional<String> formToken(String sessionId) {
        return Optional.ofNullable(forms).map(tokens -> tokens.of(sessionId));
    }
}
