package io.github.sessionaware.clientinfo;

import io.github.sessionaware.ClientInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import ua_parser.Parser;

/**
 * Finds names such as "Firefox on Linux" from the user agent and the client hints. Programs keep their own name:
 * {@code curl/8.5.0} becomes "curl 8.5".
 */
final class DeviceNames {
    private static final int CACHED = 1_000;

    /**
     * Bounds the time of the parser. It has a thousand patterns, and some of them need quadratic time for long texts,
     * long words or many brackets. No browser comes near these limits.
     */
    private static final int MAX_PARSED = 256;

    private static final Pattern TOO_ODD = Pattern.compile("[^\\s();,/]{65}|(?:\\([^(]*+){9}");

    /** A name, then perhaps a version. A space belongs to the name if the name goes on to a slash. */
    private static final Pattern PROGRAM = Pattern.compile("(?=[\\p{N} ._-]{0,39}\\p{L})"
            + "([\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}\\u200c\\u200d._+&'!-]| (?=[^/;,<>(]*/)){0,39})"
            + "(?:/v?(\\d{1,5}(?:\\.\\d{1,5})?)[\\w.+-]{0,40})?(?:[\\s(;,].*)?");

    /** Contains no slash, because what follows a slash in a user agent is a version. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._()+&!-]{0,39}");

    private static final Pattern QUOTED = Pattern.compile("\"(" + NAME + ")\"");

    private static final Pattern MAJOR_VERSION = Pattern.compile("(\\d{1,4})(?:\\..*)?");

    /** Browsers that the parser does not know, or not in the desktop mode of a tablet. The first match decides. */
    private static final Map<Pattern, String> BROWSERS = browsers(
            "CriOS", "Chrome",
            "FxiOS", "Firefox",
            "EdgiOS", "Edge",
            "OPiOS", "Opera Mini",
            "OPT", "Opera",
            "GSA", "Google",
            "Ddg|DuckDuckGo", "DuckDuckGo",
            "HuaweiBrowser", "Huawei Browser",
            "YaBrowser", "Yandex Browser");

    /**
     * What the parser returns for views inside apps, or instead of a browser. These names mean nothing to people, or
     * are wrong: a web view on Apple's systems is taken for Apple Mail.
     */
    private static final Pattern NO_BROWSER =
            Pattern.compile("Other|Apple Mail|Electron|QtCarBrowser|ArkWeb|.*WebView", Pattern.CASE_INSENSITIVE);

    /** The browsers of these devices claim to be Safari or Chrome, or have names that nobody knows. */
    private static final Set<DeviceKind> WITHOUT_BROWSER =
            Set.of(DeviceKind.CONSOLE, DeviceKind.TELEVISION, DeviceKind.WATCH);

    private static final int WINDOWS_11 = 13;

    private final Parser parser = new Parser();
    final Map<String, Optional<String>> cache = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<String>> eldest) {
            return size() > CACHED;
        }
    });

    @Nullable
    String of(@Nullable String userAgent, Headers headers) {
        // Cleaned as the session will store it, so that the name matches the user agent that people see.
        String clean = ClientInfo.builder().userAgent(userAgent).build().userAgent();
        if (clean == null) {
            return null;
        }
        UserAgent agent = UserAgent.of(clean);
        if (!agent.isBrowser()) {
            return program(agent);
        }
        Optional<String> model = hint(headers, "Sec-CH-UA-Model");
        Optional<String> windows = hint(headers, "Sec-CH-UA-Platform-Version")
                .flatMap(DeviceNames::majorVersion)
                .filter(major -> major > 0)
                .map(major -> major >= WINDOWS_11 ? "Windows 11" : "Windows 10");
        String key = clean + '\n' + model.orElse("") + '\n' + windows.orElse("");
        Optional<String> known = cache.get(key);
        if (known == null) {
            known = browser(agent, model, windows);
            cache.put(key, known);
        }
        return known.orElse(null);
    }

    private Optional<String> browser(UserAgent agent, Optional<String> model, Optional<String> windows) {
        String all = agent.text();
        String text = all.length() > MAX_PARSED ? all.substring(0, MAX_PARSED) : all;
        if (TOO_ODD.matcher(text).find()) {
            return Optional.empty();
        }
        KnownDevice device = KnownDevice.of(agent);
        Optional<String> system = Optional.ofNullable(device.name()).or(() -> name(parser.parseOS(text).family));
        Optional<String> browser = WITHOUT_BROWSER.contains(device.kind())
                ? Optional.empty()
                : browser(text).filter(name -> !name.equals(system.orElse(null)));
        if (browser.isPresent() && device.kind() == DeviceKind.PROGRAM) {
            // Robots imitate devices.
            return browser;
        }
        Optional<String> shown = system.map(name -> switch (name) {
            case "Mac OS X" -> "macOS";
            case "iOS" -> "iPhone";
            case "Windows" -> windows.orElse(name);
            case "Android" -> model.map(known -> name + " (" + known + ")").orElse(name);
            default -> name;
        });
        if (browser.isEmpty()) {
            return shown;
        }
        return shown.map(name -> browser.get() + " on " + name).or(() -> browser);
    }

    private Optional<String> browser(String text) {
        for (Map.Entry<Pattern, String> known : BROWSERS.entrySet()) {
            if (known.getKey().matcher(text).find()) {
                return Optional.of(known.getValue());
            }
        }
        return name(parser.parseUserAgent(text).family)
                .filter(name -> !NO_BROWSER.matcher(name).matches())
                .map(DeviceNames::withoutPlatform);
    }

    private static Map<Pattern, String> browsers(String... tokensAndNames) {
        Map<Pattern, String> browsers = new LinkedHashMap<>();
        for (int i = 0; i < tokensAndNames.length; i += 2) {
            browsers.put(Pattern.compile("\\b(?:" + tokensAndNames[i] + ")/"), tokensAndNames[i + 1]);
        }
        return Collections.unmodifiableMap(browsers);
    }

    private static Optional<String> name(@Nullable String family) {
        return Optional.ofNullable(family)
                .filter(name -> !name.equals("Other") && NAME.matcher(name).matches());
    }

    /** Removes the platform, because the name of the system follows. */
    private static String withoutPlatform(String family) {
        return family.replaceFirst("^Mobile (?=Safari)", "").replaceFirst(" (?:Mobile|iOS|Mobile iOS)$", "");
    }

    private static @Nullable String program(UserAgent agent) {
        String device = agent.isNamedAfterPlatform() ? KnownDevice.of(agent).name() : null;
        if (device != null) {
            return device;
        }
        Matcher matcher = PROGRAM.matcher(agent.text());
        if (!matcher.matches()) {
            return null;
        }
        String name = matcher.group(1).strip();
        return matcher.group(2) == null ? name : name + " " + matcher.group(2);
    }

    private static Optional<String> hint(Headers headers, String name) {
        return Optional.ofNullable(headers.first(name))
                .map(QUOTED::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1));
    }

    private static Optional<Integer> majorVersion(String version) {
        Matcher digits = MAJOR_VERSION.matcher(version);
        return digits.matches() ? Optional.of(Integer.valueOf(digits.group(1))) : Optional.empty();
    }
}
