package io.github.sessionaware.clientinfo;

import io.github.sessionaware.ClientInfo;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kind of a device, for its icon on a page. A guess from the user agent, which clients can forge. */
public enum DeviceKind {
    /** A computer with a browser. */
    DESKTOP,
    /** A phone, if its browser or app says so. */
    PHONE,
    /** A tablet, if its browser says so. Safari on an iPad claims to be on a Mac. */
    TABLET,
    /** A robot, or a program that names no device. */
    PROGRAM,
    /** The client sent no user agent. */
    UNKNOWN;

    /** The lookbehind excludes phones of the brand Cubot. */
    private static final Pattern ROBOT = Pattern.compile("(?<!cu)bot|spider|crawl|headless|\\+http");

    /**
     * Guesses the kind of a device from its user agent.
     *
     * @param client the client of a session
     * @return the kind
     */
    public static DeviceKind of(ClientInfo client) {
        String agent = client.userAgent();
        if (agent == null) {
            return UNKNOWN;
        }
        String text = agent.toLowerCase(Locale.ROOT);
        if (ROBOT.matcher(text).find()) {
            return PROGRAM;
        }
        if (hasAny(text, "ipad", "tablet", "kindle")
                || isDisguisedTablet(agent)
                || (isBrowser(agent) && text.contains("android") && !text.contains("mobi"))) {
            return TABLET;
        }
        if (hasAny(text, "mobi", "iphone", "android", "cfnetwork")) {
            return PHONE;
        }
        return isBrowser(agent) ? DESKTOP : PROGRAM;
    }

    /** Detects an iPad that requests desktop pages. On a real Mac, these browsers have other names. */
    static boolean isDisguisedTablet(String userAgent) {
        return userAgent.contains("Macintosh") && hasAny(userAgent, "CriOS/", "FxiOS/", "EdgiOS/");
    }

    /**
     * User agents of browsers have started with Mozilla/ for thirty years. Some versions of Opera start with Opera/.
     */
    static boolean isBrowser(@Nullable String userAgent) {
        return userAgent != null && (userAgent.startsWith("Mozilla/") || userAgent.startsWith("Opera/"));
    }

    private static boolean hasAny(String text, String... words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
