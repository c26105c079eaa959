package io.github.sessionaware.clientinfo;

import io.github.sessionaware.ClientInfo;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a device looks like, for the icon on a page. A guess from the user agent, which anybody can write. */
public enum DeviceKind {
    /** A computer with a browser. */
    DESKTOP,
    /** A phone, in a browser or in an app that says so. */
    PHONE,
    /** A tablet, as far as it says so: iPads say that they are Macs. */
    TABLET,
    /** A program that names no device, or a robot. */
    PROGRAM,
    /** Nothing was said. */
    UNKNOWN;

    /** Not the telephones of the make Cubot. */
    private static final Pattern ROBOT = Pattern.compile("(?<!cu)bot|spider|crawl|headless|\\+http");

    /**
     * The kind of the device behind a session, by its user agent.
     *
     * @param client as it is kept with the session
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

    /** An iPad that asks for the pages of a computer: there these browsers have other names. */
    static boolean isDisguisedTablet(String userAgent) {
        return userAgent.contains("Macintosh") && hasAny(userAgent, "CriOS/", "FxiOS/", "EdgiOS/");
    }

    /** Every browser has said so for thirty years, and Opera for some. */
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
