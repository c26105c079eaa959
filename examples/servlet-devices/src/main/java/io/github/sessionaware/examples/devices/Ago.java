package io.github.sessionaware.examples.devices;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Times in words, such as "2 minutes ago", and exact times. The script of the pages writes those in the visitor's zone.
 */
final class Ago {
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Ago() {}

    /** Returns the time in words, with the exact time as a tooltip. */
    static String html(Instant time, Instant now) {
        return "<time datetime=\"%s\" title=\"%s\">%s</time>".formatted(time, EXACT.format(time), words(time, now));
    }

    /** Returns the exact time. */
    static String exact(Instant time) {
        return "<time datetime=\"%s\" class=\"exact\">%s</time>".formatted(time, EXACT.format(time));
    }

    static String words(Instant time, Instant now) {
        Duration ago = Duration.between(time, now);
        if (ago.compareTo(Duration.ofMinutes(1)) < 0) {
            return "just now";
        }
        if (ago.compareTo(Duration.ofHours(1)) < 0) {
            return number(ago.toMinutes(), "minute") + " ago";
        }
        if (ago.compareTo(Duration.ofDays(1)) < 0) {
            return number(ago.toHours(), "hour") + " ago";
        }
        if (ago.compareTo(Duration.ofDays(60)) < 0) {
            return number(ago.toDays(), "day") + " ago";
        }
        return number(ago.toDays() / 30, "month") + " ago";
    }

    /** Returns how long to wait, such as "40 seconds" or "5 minutes", rounded up. */
    static String wait(Duration wait) {
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        return seconds <= 90 ? number(seconds, "second") : number((seconds + 59) / 60, "minute");
    }

    private static String number(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
