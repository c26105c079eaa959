package io.github.sessionaware.servlet;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A response that carries tokens, so that no cache may keep it (RFC 9111, section 5.2.2.5). Later headers of the
 * application, such as those of a public image, cannot change that.
 */
final class UncachedResponse extends HttpServletResponseWrapper {
    private static final Set<String> CACHING = Set.of("cache-control", "expires", "pragma", "cdn-cache-control");

    UncachedResponse(HttpServletResponse response) {
        super(response);
    }

    static void forbidCaching(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (!isAboutCaching(name)) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (!isAboutCaching(name)) {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setDateHeader(String name, long date) {
        if (!isAboutCaching(name)) {
            super.setDateHeader(name, date);
        }
    }

    @Override
    public void addDateHeader(String name, long date) {
        if (!isAboutCaching(name)) {
            super.addDateHeader(name, date);
        }
    }

    private static boolean isAboutCaching(String name) {
        return CACHING.contains(name.toLowerCase(Locale.ROOT));
    }
}
