package io.github.sessionaware.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Paths of an application: whole ones such as {@code /sign-in}, and with {@code /static/*} that of {@code /static} and
 * all below, as in the mapping of a servlet.
 */
final class PathPatterns {
    private static final String BELOW = "/*";

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
        if (!pattern.startsWith("/") || path.contains("*")) {
            throw new IllegalArgumentException(
                    "A path must be like /sign-in, or like /static/* for /static and all paths below, was " + pattern);
        }
    }

    boolean contain(String path) {
        return whole.contains(path) || beginnings.stream().anyMatch((path + "/")::startsWith);
    }

    /** Returns the path below the context path as the container has decoded and normalized it. */
    static String of(HttpServletRequest request) {
        String info = request.getPathInfo();
        return info == null ? request.getServletPath() : request.getServletPath() + info;
    }

    @Override
    public String toString() {
        return new TreeSet<>(Stream.concat(whole.stream(), beginnings.stream().map(path -> path + "*"))
                        .toList())
                .toString();
    }
}
