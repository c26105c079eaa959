package io.github.sessionaware.examples.devices;

import io.github.sessionaware.Session;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a form has done. It travels in a cookie to the page after the redirect, which shows it once. With a cookie, no
 * link can make the page claim something, the server keeps nothing, and the name of a session that is gone still
 * reaches the page.
 *
 * @param device the name of the device; empty where the sentence has none
 */
record Outcome(Kind kind, String device) {
    private static final String COOKIE = "__Host-outcome";
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** Enough for a label and a device of 192 characters, four bytes each. */
    private static final int MAX_LENGTH = 1_200;

    enum Kind {
        SIGNED_OUT("Signed out %s."),
        OTHERS_SIGNED_OUT("All other devices are signed out."),
        ALREADY_SIGNED_OUT("That device was already signed out."),
        RENAMED("Renamed to %s."),
        PASSWORD_CHANGED("Your password is changed, and all other devices are signed out."),
        RECOGNIZED("Thanks for confirming that it was you on %s.");

        private final String sentence;

        Kind(String sentence) {
            this.sentence = sentence;
        }
    }

    static Outcome of(Kind kind) {
        return new Outcome(kind, "");
    }

    /** Names the device that the sessions share, and their number if there are several. */
    static Outcome signedOut(List<Session> sessions) {
        String name = DeviceName.of(sessions.get(0));
        return new Outcome(Kind.SIGNED_OUT, sessions.size() == 1 ? name : name + " (" + sessions.size() + " sessions)");
    }

    static Outcome renamed(Session session) {
        return new Outcome(Kind.RENAMED, DeviceName.of(session));
    }

    static Outcome recognized(Session session) {
        return new Outcome(Kind.RECOGNIZED, DeviceName.of(session));
    }

    String sentence() {
        return kind.sentence.formatted(device);
    }

    /** Keeps this outcome for the next page. */
    void keep(HttpServletResponse response) {
        String name = Base64.getUrlEncoder().withoutPadding().encodeToString(device.getBytes(StandardCharsets.UTF_8));
        set(response, kind.name() + "." + name, KEPT);
    }

    /** Returns the outcome of the form before, and forgets it; null if there is none. */
    static @Nullable Outcome take(HttpServletRequest request, HttpServletResponse response) {
        Cookie[] cookies = request.getCookies();
        String value = Stream.of(cookies == null ? new Cookie[0] : cookies)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(Cookie::getValue)
                .findFirst()
                .orElse(null);
        if (value == null) {
            return null;
        }
        set(response, "", Duration.ZERO);
        return parse(value);
    }

    private static @Nullable Outcome parse(String value) {
        String[] parts = value.split("\\.", -1);
        if (parts.length != 2 || value.length() > MAX_LENGTH) {
            return null;
        }
        try {
            return new Outcome(
                    Kind.valueOf(parts[0]),
                    new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void set(HttpServletResponse response, String value, Duration kept) {
        Cookie cookie = new Cookie(COOKIE, value);
        cookie.setPath("/");
        cookie.setSecure(true);
        cookie.setHttpOnly(true);
        cookie.setMaxAge((int) kept.toSeconds());
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
    }

    /**
     * Returns the sentence for the top of a page; empty for null. The page opens with the focus on it, which works
     * without scripts, so that screen readers read it and the next press of the tab key leads into the page.
     */
    static String html(@Nullable Outcome outcome) {
        return outcome == null
                ? ""
                : "<p class=\"outcome\" role=\"status\" tabindex=\"-1\" autofocus>%s%s</p>"
                        .formatted(Icons.CHECK, "<span>" + Html.text(outcome.sentence()) + "</span>");
    }
}
