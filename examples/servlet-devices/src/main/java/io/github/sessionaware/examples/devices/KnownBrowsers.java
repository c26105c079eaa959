package io.github.sessionaware.examples.devices;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recognizes a browser in which a user has signed in before, by a cookie that stays after the sign-out. It signs nobody
 * in: its only effect is that {@link PasswordThrottle} counts this browser apart from strangers. The cookie holds a
 * random id, the time until which it counts, and a MAC over both, the user's name and the version of the password. So a
 * thief's browser is known only until the owner changes the password.
 */
final class KnownBrowsers {
    private static final String COOKIE = "__Host-known";
    private static final Duration KEPT = Duration.ofDays(90);
    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;
    private final Users users;
    private final InstantSource clock;

    KnownBrowsers(byte[] secret, Users users, InstantSource clock) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.users = users;
        this.clock = clock;
    }

    /** Returns the id of the browser, if this user has signed in with it and the present password before. */
    Optional<String> find(HttpServletRequest request, String user) {
        Cookie[] cookies = request.getCookies();
        List<String> values = Stream.of(cookies == null ? new Cookie[0] : cookies)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(Cookie::getValue)
                .toList();
        return values.size() == 1 ? id(values.get(0), user) : Optional.empty();
    }

    private Optional<String> id(String cookie, String user) {
        String[] parts = cookie.split("\\.", -1);
        if (parts.length != 3 || !parts[1].matches("\\d{1,12}")) {
            return Optional.empty();
        }
        String mac = mac(parts[0], parts[1], user);
        boolean isOurs =
                MessageDigest.isEqual(mac.getBytes(StandardCharsets.UTF_8), parts[2].getBytes(StandardCharsets.UTF_8));
        Instant until = Instant.ofEpochSecond(Long.parseLong(parts[1]));
        return isOurs && clock.instant().isBefore(until) ? Optional.of(parts[0]) : Optional.empty();
    }

    /** Makes the browser a known one, after a sign-in. A browser that already is one keeps its cookie and its count. */
    void remember(HttpServletRequest request, HttpServletResponse response, String user) {
        if (find(request, user).isPresent()) {
            return;
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String until = Long.toString(clock.instant().plus(KEPT).getEpochSecond());
        Cookie cookie = new Cookie(COOKIE, id + "." + until + "." + mac(id, until, user));
        cookie.setPath("/");
        cookie.setSecure(true);
        cookie.setHttpOnly(true);
        cookie.setMaxAge((int) KEPT.toSeconds());
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
    }

    private String mac(String id, String until, String user) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            String signed =
                    "browser " + id + " known until " + until + " by password " + users.version(user) + " of " + user;
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }
}
