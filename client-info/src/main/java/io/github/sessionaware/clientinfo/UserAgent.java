package io.github.sessionaware.clientinfo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user agent that was cleaned as sessions store it.
 *
 * @param text the user agent; the name of a program is decoded
 * @param facts the part that describes the device. This part lacks the name of a program, because an app such as
 *     "PlayStation App" does not run on what its name says
 */
record UserAgent(String text, String facts) {
    private static final Pattern BROWSER = Pattern.compile("(?:Mozilla|Opera)/", Pattern.CASE_INSENSITIVE);

    private static final Pattern END_OF_NAME = Pattern.compile("[/(]");

    /** Programs that are named after their platform. */
    private static final Pattern NAMED_AFTER_PLATFORM =
            Pattern.compile("(?:AppleTV\\d|Watch\\d|Roku|HbbTV/|Dalvik/|AppleCoreMedia/)");

    static UserAgent of(String clean) {
        if (isBrowser(clean)) {
            return new UserAgent(clean, clean);
        }
        String decoded = PercentEncoding.decode(clean);
        return new UserAgent(decoded, isNamedAfterPlatform(decoded) ? decoded : withoutName(decoded));
    }

    /**
     * User agents of browsers have started with Mozilla/ for thirty years. Some versions of Opera start with Opera/.
     */
    boolean isBrowser() {
        return isBrowser(text);
    }

    boolean isNamedAfterPlatform() {
        return isNamedAfterPlatform(text);
    }

    private static boolean isBrowser(String text) {
        return BROWSER.matcher(text).lookingAt();
    }

    private static boolean isNamedAfterPlatform(String text) {
        return NAMED_AFTER_PLATFORM.matcher(text).lookingAt();
    }

    private static String withoutName(String text) {
        Matcher end = END_OF_NAME.matcher(text);
        return end.find() ? text.substring(end.start()) : "";
    }
}
