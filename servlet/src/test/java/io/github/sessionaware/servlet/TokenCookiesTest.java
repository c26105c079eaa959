package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenCookiesTest {
    private static final long NOW = 1_000_000_000_000L;
    private final TokenCookies cookies = new TokenCookies("session", SameSite.LAX, () -> Instant.ofEpochMilli(NOW));

    @Test
    void aLoginMoreThanAMinuteAheadOfTheClockComesAfterAllOthers() {
        assertEquals(
                List.of(NOW + 60_000, NOW + 59_999, NOW, 1L, NOW + 90_000, NOW + 60_001),
                logins(1, NOW, NOW + 60_001, NOW + 60_000, NOW + 90_000, NOW + 59_999));
    }

    private List<Long> logins(long... times) {
        Cookie[] sent = LongStream.of(times)
                .mapToObj(time -> new Cookie("__Host-session-access-" + new Stamp(time, 1, "aaaaaa", "aaaa"), "x.y.z"))
                .toArray(Cookie[]::new);
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> sent);
        return cookies.read(request).stream()
                .map(login -> login.stamp().login())
                .toList();
    }
}
