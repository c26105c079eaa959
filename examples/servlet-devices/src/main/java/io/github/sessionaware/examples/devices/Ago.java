package io.github.sessionaware.examples.devices;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A time in words, such as "2 minutes ago", with the exact time as a tooltip. */
final class Ago {
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Ago() {}

    static String html(Instant time, Instant now) {
        return "<time datetime=\"%s\" title=\"%s\">%s</time>".formatted(time, EXACT.format(time), words(time, now));
    }

    static String words(Instant time, Instant now) {
        Duration ago = Duration.between(time, now);
        if (ago.compareTo(Duration.ofMinutes(1)) < 0) {
            return "just now";
        }
        if (ago.compareTo(Duration.ofHours(1)) < 0) {
            return number(ago.toMinutes(), "minute");
        }
        if (ago.compareTo(Duration.ofDays(1)) < 0) {
            return number(ago.toHours(), "hour");
        }
        return number(ago.toDays(), "day");
    }

    private static String number(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s") + " ago";
    }
}
