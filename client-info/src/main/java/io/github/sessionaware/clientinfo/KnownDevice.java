package io.github.sessionaware.clientinfo;

import static io.github.sessionaware.clientinfo.DeviceKind.CONSOLE;
import static io.github.sessionaware.clientinfo.DeviceKind.DESKTOP;
import static io.github.sessionaware.clientinfo.DeviceKind.PHONE;
import static io.github.sessionaware.clientinfo.DeviceKind.PROGRAM;
import static io.github.sessionaware.clientinfo.DeviceKind.TABLET;
import static io.github.sessionaware.clientinfo.DeviceKind.TELEVISION;
import static io.github.sessionaware.clientinfo.DeviceKind.WATCH;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user agent says about the device.
 *
 * @param kind the kind
 * @param name the name of the device or of its system; null if the parser of user agents knows it better
 */
record KnownDevice(DeviceKind kind, @Nullable String name) {
    /**
     * The first rule that matches decides. Robots come first, because they imitate devices. Apple's phones come second,
     * because their web views add the names of apps, such as "My TV". The general words of phones come last, because
     * televisions and watches contain them too.
     *
     * <p>The patterns ignore case and need linear time, or quadratic time in a text that {@link UserAgent} has bounded.
     */
    private static final List<Rule> RULES = List.of(
            anywhere(PROGRAM, null, robots()),
            rule(PHONE, "iPhone", "\\(iPhone\\b"),
            rule(PHONE, "iPod", "\\(iPod\\b"),
            rule(TABLET, "iPad", "\\(iPad\\b"),
            rule(WATCH, "Apple Watch", "Apple ?Watch|\\bwatchOS\\b|^Watch\\d"),
            rule(WATCH, "Samsung watch", "\\bSM-(?:R[789]|L\\d)\\d\\d|Galaxy Watch|\\bGear S\\d?\\b"),
            rule(WATCH, "Wear OS", "\\bWear ?OS\\b|Android Wear|TicWatch|[(;][^();]*Watch\\b[^();]*[;)]"),
            rule(CONSOLE, "PlayStation $1", "\\([^()]*PlayStation ([345]|Vita|Portable)\\b"),
            rule(CONSOLE, "PlayStation", "\\([^()]*PlayStation"),
            rule(CONSOLE, "Xbox", "\\([^()]*\\bXbox\\b"),
            rule(CONSOLE, "Nintendo $1", "\\([^()]*Nintendo (Switch|Wii ?U|Wii|3DS|DSi)\\b"),
            rule(CONSOLE, "Nintendo", "\\([^()]*Nintendo"),
            rule(CONSOLE, "Meta Quest", "OculusBrowser|; Quest\\b"),
            rule(TELEVISION, "Apple TV", "Apple ?TV|\\btvOS\\b"),
            rule(TELEVISION, "Fire TV", "\\b(?-i:AFT[A-Z0-9]+)\\b|Fire ?TV"),
            rule(TELEVISION, "Roku", "\\bRoku"),
            rule(TELEVISION, "Chromecast", "\\bCrKey\\b|Chromecast"),
            rule(TELEVISION, "Android TV", "Android ?TV|Google ?TV|\\bBRAVIA\\b|\\bMi ?(?:TV|BOX)"),
            rule(TELEVISION, "LG TV", "\\bWeb0S\\b|webOS\\.TV|\\bNetCast\\b|HbbTV[^)]*;LGE"),
            rule(TELEVISION, "Samsung TV", "(?-i:SMART-TV)|\\bTizen\\b.*\\bTV\\b|HbbTV[^)]*;Samsung"),
            rule(
                    TELEVISION,
                    "TV",
                    "HbbTV|CE-HTML|NetTV|PhilipsTV|Smart[ -]?TV|VIDAA|VIERA|\\bVIZIO\\b|TV ?box|\\([^()]*(?:\\b|_)(?-i:TV)\\b"),
            anywhere(TABLET, "iPad", "(?-i:iPad)|\\biPad"),
            // Desktop mode. On a real Mac, these browsers and apps have other names.
            rule(TABLET, "iPad", "Macintosh.*\\b(?:Mobile|CriOS|FxiOS|EdgiOS|OPiOS|OPT|GSA|FBIOS)\\b"),
            // The web view of an app sends the same text on a Mac and in the desktop mode of an iPad.
            rule(
                    TABLET,
                    "iPad or Mac",
                    "^Mozilla/5\\.0 \\(Macintosh; Intel Mac OS X 10_15[^()]*\\) AppleWebKit/(?!.*\\b(?:Safari|Chrome|Version)/)"),
            rule(TABLET, "Fire tablet", "\\bSilk/|Kindle Fire|\\b(?-i:KF[A-Z]{2,6})\\b"),
            rule(TABLET, "$1", "\\b(Kindle|PocketBook|Kobo)\\b"),
            rule(TABLET, "Tesla", "\\bTesla\\b|QtCarBrowser"),
            rule(TABLET, "HarmonyOS", "\\(Tablet; OpenHarmony"),
            rule(PHONE, "HarmonyOS", "\\(Phone; OpenHarmony"),
            rule(DESKTOP, "HarmonyOS", "\\bOpenHarmony\\b"),
            // Windows 7 on a desktop says "Tablet PC".
            rule(TABLET, null, "tablet(?! PC|\\p{L})|PlayBook|TouchPad"),
            rule(PHONE, null, "(?<!auto)mobi|Opera Mini|\\bMIDP|Symb(?:ian|OS)|Series ?[346]0|BlackBerry"),
            rule(PHONE, null, "\\bwebOS/|KaiOS|Windows (?:Phone|CE)|WPDesktop|\\bPalm|Maemo"),
            rule(TABLET, "Android", "^(?:Mozilla|Opera)/.*\\bAndroid\\b"),
            anywhere(PHONE, "Android", "Android"),
            anywhere(PHONE, "iPhone", "iPhone|\\biOS\\b"),
            rule(DESKTOP, null, "\\bCFNetwork/.*\\((?:x86_64|i386)|\\bmacOS\\b|Macintosh|Windows NT"),
            rule(PHONE, null, "\\bCFNetwork/"),
            rule(DESKTOP, null, "^(?:Mozilla|Opera)/"));

    static KnownDevice of(UserAgent agent) {
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern.matcher(rule.anywhere ? agent.text() : agent.facts());
            if (matcher.find()) {
                String name = rule.name;
                return new KnownDevice(
                        rule.kind,
                        name == null || matcher.groupCount() == 0 ? name : name.replace("$1", matcher.group(1)));
            }
        }
        return new KnownDevice(PROGRAM, null);
    }

    /**
     * A robot is a word, and not a part of one: Googlebot is a robot, but AbbottLibre is not. Cubot is a brand of
     * phones, iRobot one of vacuum cleaners. "Spider" and "crawl" alone are the names of games.
     */
    private static String robots() {
        return "(?<!(?<!\\p{L})(?:cu|ab|tal|iro))bot(?!\\p{L})|(?-i:Bot(?=[A-Z]))"
                + "|(?<=[\\p{L}\\d])spider(?!\\p{L})|\\bspider(?=[/;)]|$)|crawler(?!\\p{L})"
                + "|Headless(?:Chrome|Shell)|PhantomJS|\\+https?:";
    }

    private static Rule rule(DeviceKind kind, @Nullable String name, String pattern) {
        return new Rule(kind, name, false, pattern(pattern));
    }

    private static Rule anywhere(DeviceKind kind, @Nullable String name, String pattern) {
        return new Rule(kind, name, true, pattern(pattern));
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    }

    /** Applies to the facts, or anywhere in the text. */
    private record Rule(DeviceKind kind, @Nullable String name, boolean anywhere, Pattern pattern) {}
}
