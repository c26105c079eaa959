package io.github.sessionaware.servlet;

import io.github.sessionaware.Session;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of a cookie's name: when the tokens were issued, and the beginning of the session id. So a response that
 * arrives late cannot overwrite the cookies of a later login, and the newest cookies are tried first. It decides
 * nothing else, because a client can write anything.
 */
record Stamp(long millis, String sessionPrefix) implements Comparable<Stamp> {
    static final String PATTERN = "[0-9a-z]{1,10}-[A-Za-z0-9_-]{6}";

    private static final Pattern FORM = Pattern.compile("([0-9a-z]{1,10})-([A-Za-z0-9_-]{6})");
    private static final int PREFIX = 6;

    static Stamp of(Session session) {
        return new Stamp(session.lastActiveAt().toEpochMilli(), session.id().substring(0, PREFIX));
    }

    static Optional<Stamp> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new Stamp(Long.parseLong(parts.group(1), Character.MAX_RADIX), parts.group(2)))
                : Optional.empty();
    }

    boolean isOfSameSession(Stamp other) {
        return sessionPrefix.equals(other.sessionPrefix);
    }

    @Override
    public int compareTo(Stamp other) {
        return Comparator.comparingLong(Stamp::millis)
                .thenComparing(Stamp::sessionPrefix)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return Long.toString(millis, Character.MAX_RADIX) + "-" + sessionPrefix;
    }
}
