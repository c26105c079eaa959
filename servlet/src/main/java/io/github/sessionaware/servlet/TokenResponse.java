package io.github.sessionaware.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A response that keeps the cookies with tokens, whatever the application does to its headers. A browser that does not
 * get refreshed tokens would present its used refresh token again, and lose its session as if that were stolen. A reset
 * also keeps the offer to bind the session, because the browser gets no other before its user authenticates again. No
 * cache may keep a response with tokens (RFC 9111, section 5.2.2.5).
 */
final class TokenResponse extends HttpServletResponseWrapper {
    private static final Set<String> CACHING = Set.of("cache-control", "expires", "pragma", "cdn-cache-control");
    private static final String SET_COOKIE = "Set-Cookie";

    private final HttpServletRequest request;
    private final TokenCookies cookies;

    TokenResponse(HttpServletRequest request, HttpServletResponse response, TokenCookies cookies) {
        super(response);
        this.request = request;
        this.cookies = cookies;
    }

    static void forbidCaching(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
    }

    @Override
    public void reset() {
        List<String> kept = ours();
        List<String> offers = List.copyOf(getHeaders(DeviceEndpoints.OFFER));
        super.reset();
        giveBack(kept);
        // Another filter of the application may have given them back already.
        if (!containsHeader(DeviceEndpoints.OFFER)) {
            offers.forEach(offer -> super.addHeader(DeviceEndpoints.OFFER, offer));
        }
        if (BrowserSessions.hasGivenTokens(request)) {
            super.setHeader("Cache-Control", "no-store");
        }
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (name.equalsIgnoreCase(SET_COOKIE)) {
            List<String> kept = ours();
            super.setHeader(name, value);
            giveBack(kept);
        } else if (mayChange(name, value)) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (mayChange(name, value)) {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setDateHeader(String name, long date) {
        if (mayChange(name, null)) {
            super.setDateHeader(name, date);
        }
    }

    @Override
    public void addDateHeader(String name, long date) {
        if (mayChange(name, null)) {
            super.addDateHeader(name, date);
        }
    }

    private boolean mayChange(String name, @Nullable String value) {
        return !CACHING.contains(name.toLowerCase(Locale.ROOT))
                || !BrowserSessions.hasGivenTokens(request)
                || (name.equalsIgnoreCase("Cache-Control") && "no-store".equals(value));
    }

    private List<String> ours() {
        return getHeaders(SET_COOKIE).stream().filter(cookies::isOurs).toList();
    }

    private void giveBack(List<String> kept) {
        kept.forEach(cookie -> super.addHeader(SET_COOKIE, cookie));
    }
}
