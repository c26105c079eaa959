package io.github.sessionaware.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Paths of an application: whole ones such as {@code /sign-in}, and with {@code /static/*} that of {@code /static} and
 * all below, as in the mapping of a servlet.
 */
final class PathPatterns {
    private static final String BELOW = "/*";

    private static final Pattern AMBIGUOUS =
            Pattern.compile("//|;|/(?:\\.|%2e){1,2}(?:/|$)|%(?:2f|5c|[01][0-9a-f]|7f)|%(?![0-9a-f]{2})|\\\\");

    /** Escapes of characters that may stand in a path themselves (RFC 3986, section 3.3). */
    private static final Pattern NEEDLESS_ESCAPE =
            Pattern.compile("%(?:2[146-9a-e]|3[0-9abd]|4[0-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])");

    private static final Pattern FORM = Pattern.compile("/[^*;%?#\\\\\\p{Cntrl}]*");

    private final Set<String> whole;
    private final List<String> beginnings;

    PathPatterns(List<String> patterns) {
        patterns.forEach(PathPatterns::requireValid);
        this.whole = Set.copyOf(
                patterns.stream().filter(pattern -> !pattern.endsWith(BELOW)).toList());
        this.beginnings = patterns.stream()
                .filter(pattern -> pattern.endsWith(BELOW))
                .map(pattern -> pattern.substring(0, pattern.length() - 1))
                .toList();
    }

    private static void requireValid(String pattern) {
        String path = pattern.endsWith(BELOW) ? pattern.substring(0, pattern.length() - BELOW.length()) : pattern;
        if (!pattern.startsWith("/")
                || !FORM.matcher(path.isEmpty() ? "/" : path).matches()
                || path.contains("//")) {
            throw new IllegalArgumentException(
                    "A path must be like /sign-in, or like /static/* for /static and all paths below, was " + pattern);
        }
    }

    boolean contain(String path) {
        return whole.contains(path) || beginnings.stream().anyMatch((path + "/")::startsWith);
    }

    /**
     * Returns whether the request is for one of the paths, and its address says so in plain form. A container resolves
     * {@code /devices/..;/static/a} to {@code /static/a}, but a framework behind it may read the address itself and
     * choose another resource.
     */
    boolean containPlain(HttpServletRequest request) {
        return contain(of(request)) && isPlain(request);
    }

    /** Returns whether the request spells its path in the one way that all frameworks read alike. */
    static boolean isPlain(HttpServletRequest request) {
        String uri = uri(request).toLowerCase(Locale.ROOT);
        return isPlain(uri) && !NEEDLESS_ESCAPE.matcher(uri).find();
    }

    /** Returns the path below the context path as the container has decoded and normalized it. */
    static String of(HttpServletRequest request) {
        if (isIncluded(request)) {
            return text(request, RequestDispatcher.INCLUDE_SERVLET_PATH)
                    + text(request, RequestDispatcher.INCLUDE_PATH_INFO);
        }
        String info = request.getPathInfo();
        return info == null ? request.getServletPath() : request.getServletPath() + info;
    }

    private static String uri(HttpServletRequest request) {
        return isIncluded(request) ? text(request, RequestDispatcher.INCLUDE_REQUEST_URI) : request.getRequestURI();
    }

    /** The methods of an included request describe the page that includes. */
    private static boolean isIncluded(HttpServletRequest request) {
        return request.getDispatcherType() == DispatcherType.INCLUDE
                && request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) != null;
    }

    private static String text(HttpServletRequest request, String attribute) {
        Object value = request.getAttribute(attribute);
        return value == null ? "" : value.toString();
    }

    /**
     * Returns whether browsers, proxies and servers agree on what an encoded path names. They disagree about dot
     * segments, empty segments, parameters after a semicolon, encoded slashes and encoded control characters. They also
     * disagree about letters and digits that are encoded without need: for {@code /%6cogin} Javalin calls the handler
     * of <code>/{id}</code>.
     */
    static boolean isPlain(String path) {
        return !AMBIGUOUS.matcher(path.toLowerCase(Locale.ROOT)).find();
    }
}
