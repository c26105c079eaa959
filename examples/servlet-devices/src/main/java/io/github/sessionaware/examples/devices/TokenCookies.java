package io.github.sessionaware.examples.devices;

import io.github.sessionaware.IssuedTokens;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the two tokens in cookies. Scripts cannot read them, only this host can set them ({@code __Host-}), and
 * browsers do not send them with forms of other sites ({@code SameSite}). Chrome and Firefox accept Secure cookies from
 * {@code http://localhost} too. Safari needs HTTPS.
 */
final class TokenCookies {
    private static final String ACCESS = "__Host-access";
    private static final String REFRESH = "__Host-refresh";
    private static final Duration KEPT = Duration.ofDays(30);

    private TokenCookies() {}

    static @Nullable String access(HttpServletRequest request) {
        return value(request, ACCESS);
    }

    static @Nullable String refresh(HttpServletRequest request) {
        return value(request, REFRESH);
    }

    static void give(HttpServletResponse response, IssuedTokens tokens) {
        set(response, ACCESS, tokens.accessToken(), KEPT);
        String refreshToken = tokens.refreshToken();
        if (refreshToken != null) {
            set(response, REFRESH, refreshToken, KEPT);
        }
    }

    static void forget(HttpServletResponse response) {
        set(response, ACCESS, "", Duration.ZERO);
        set(response, REFRESH, "", Duration.ZERO);
    }

    /** Returns null if the cookie is there twice, because another party must have set one of them. */
    private static @Nullable String value(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        List<String> values = Stream.of(cookies == null ? new Cookie[0] : cookies)
                .filter(cookie -> cookie.getName().equals(name))
                .map(Cookie::getValue)
                .toList();
        return values.size() == 1 ? values.get(0) : null;
    }

    private static void set(HttpServletResponse response, String name, String value, Duration kept) {
        Cookie cookie = new Cookie(name, value);
        cookie.setPath("/");
        cookie.setSecure(true);
        cookie.setHttpOnly(true);
        cookie.setMaxAge((int) kept.toSeconds());
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
    }
}
