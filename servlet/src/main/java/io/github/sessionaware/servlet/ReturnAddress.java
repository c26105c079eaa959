package io.github.sessionaware.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page to which a browser returns after sign-in: a path of this application, with its query. Anything else is
 * refused, because a link could otherwise lead from this site's sign-in to a copy of it (OWASP ASVS 5.0, 3.7.2).
 */
final class ReturnAddress {
    /** The query parameter and form field. */
    static final String FIELD = "returnTo";

    private static final int MAX_LENGTH = 2_000;

    /** The characters of a path and a query (RFC 3986). No browser reads them as the beginning of a host. */
    private static final Pattern PATH_AND_QUERY =
            Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)(?:\\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?");

    /** The methods whose address a browser may request again. */
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private ReturnAddress() {}

    /** Returns the address that the request names in its parameter. */
    static Optional<String> named(HttpServletRequest request) {
        return ofThisApplication(request, request.getParameter(FIELD));
    }

    /** Returns the page that the request asks for, or the page whose form it sends. */
    static Optional<String> requested(HttpServletRequest request) {
        return ofThisApplication(
                request,
                READING.contains(request.getMethod())
                        ? withQuery(request.getRequestURI(), request.getQueryString())
                        : formPage(request));
    }

    /** Returns the address of the request itself, whatever its method. */
    static Optional<String> ofRequest(HttpServletRequest request) {
        return ofThisApplication(request, withQuery(request.getRequestURI(), request.getQueryString()));
    }

    private static @Nullable String formPage(HttpServletRequest request) {
        String referer = request.getHeader("Referer");
        if (referer == null) {
            return null;
        }
        try {
            URI page = new URI(referer);
            return request.getHeader("Host") != null
                            && request.getHeader("Host").equals(page.getRawAuthority())
                    ? withQuery(page.getRawPath(), page.getRawQuery())
                    : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String withQuery(String path, @Nullable String query) {
        return query == null ? path : path + "?" + query;
    }

    private static Optional<String> ofThisApplication(HttpServletRequest request, @Nullable String address) {
        if (address == null || address.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher parts = PATH_AND_QUERY.matcher(address);
        return parts.matches()
                        && parts.group(1).startsWith(request.getContextPath() + "/")
                        && PathPatterns.isPlain(parts.group(1))
                ? Optional.of(address)
                : Optional.empty();
    }
}
