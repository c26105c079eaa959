package io.github.sessionaware.clientinfo;

import io.github.sessionaware.ClientInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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

    private static final Pattern PROGRAM = Pattern.compile(
            "([A-Za-z](?:[A-Za-z0-9._+-]| (?=[A-Za-z0-9 ._+-]*/)){0,39})(?:/v?(\\d{1,5}(?:\\.\\d{1,5})?)[\\w.+-]{0,40})?(?:[\\s(;,].*)?");

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._()+&!/-]{0,39}");

    private static final Pattern QUOTED = Pattern.compile("\"(" + NAME + ")\"");

    private static final Pattern MAJOR_VERSION = Pattern.compile("(\\d{1,4})(?:\\..*)?");

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
        if (!DeviceKind.isBrowser(clean)) {
            return program(clean);
        }
        Optional<String> model = hint(headers, "Sec-CH-UA-Model");
        Optional<String> windows = hint(headers, "Sec-CH-UA-Platform-Version")
                .flatMap(DeviceNames::majorVersion)
                .filter(major -> major > 0)
                .map(major -> major >= WINDOWS_11 ? "Windows 11" : "Windows 10");
        String key = clean + '\n' + model.orElse("") + '\n' + windows.orElse("");
        Optional<String> known = cache.get(key);
        if (known == null) {
            known = browser(clean, model, windows);
            cache.put(key, known);
        }
        return known.orElse(null);
    }

    private Optional<String> browser(String userAgent, Optional<String> model, Optional<String> windows) {
        String text = userAgent.length() > MAX_PARSED ? userAgent.substring(0, MAX_PARSED) : userAgent;
        if (TOO_ODD.matcher(text).find()) {
            return Optional.empty();
        }
        Optional<String> browser = family(parser.parseUserAgent(text).family)
                // A web view inside an app. This name means nothing to people.
                .filter(name -> !name.contains("WKWebView"))
                .map(DeviceNames::plainBrowser);
        Optional<String> system = family(parser.parseOS(text).family).map(name -> switch (name) {
            case "Mac OS X" -> DeviceKind.isDisguisedTablet(text) ? "iPad" : "macOS";
            case "iOS" -> text.contains("iPad") ? "iPad" : "iPhone";
            case "Windows" -> windows.orElse(name);
            case "Android" -> model.map(known -> name + " (" + known + ")").orElse(name);
            default -> name;
        });
        if (browser.isEmpty()) {
            return system;
        }
        return system.map(name -> browser.get() + " on " + name).or(() -> browser);
    }

    private static Optional<String> family(@Nullable String family) {
        return Optional.ofNullable(family)
                .filter(name -> !name.equals("Other") && NAME.matcher(name).matches());
    }

    /** Removes the platform, because the name of the system follows. */
    private static String plainBrowser(String family) {
        return family.replaceFirst("^Mobile (?=Safari)", "")
                .replaceFirst(" (?:Mobile|iOS|Mobile iOS|Mobile WebView|WebView)$", "");
    }

    private static @Nullable String program(String userAgent) {
        // Apps on Apple's systems send the spaces of their name in this form.
        Matcher matcher = PROGRAM.matcher(userAgent.replace("%20", " "));
        if (!matcher.matches()) {
            return null;
        }
        return matcher.group(2) == null ? matcher.group(1) : matcher.group(1) + " " + matcher.group(2);
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
