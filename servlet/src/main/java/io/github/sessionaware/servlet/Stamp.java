package io.github.sessionaware.servlet;

import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of a cookie's name: when the user logged in, when the token was issued, the beginning of the session id, and
 * the beginning of a hash of the tokens. So a response that arrives late cannot overwrite the cookies of other tokens.
 * The cookies of the latest login are tried first, also if an earlier session was refreshed after it. The stamp decides
 * nothing else, because a client can write anything.
 *
 * <p>A session that is bound to its device has one stamp for all its tokens, because the browser looks for its cookie
 * by one name. It comes after the other stamps of its session.
 */
record Stamp(long login, long issued, String session, String hash) implements Comparable<Stamp> {
    private static final int SESSION = 6;
    private static final int HASH = 4;
    private static final Pattern FORM = Pattern.compile(
            "([0-9a-z]{1,10})-([0-9a-z]{1,10})-([A-Za-z0-9_-]{" + SESSION + "})([A-Za-z0-9_-]{" + HASH + "})");

    private static final long BOUND = millis("z".repeat(10));
    private static final String NO_HASH = "0".repeat(HASH);

    static final int MAX_LENGTH = "1234567890-1234567890-".length() + SESSION + HASH;

    static Stamp of(IssuedTokens tokens) {
        Session session = tokens.session();
        if (session.deviceBound()) {
            return new Stamp(
                    session.createdAt().toEpochMilli(), BOUND, session.id().substring(0, SESSION), NO_HASH);
        }
        String refreshToken = tokens.refreshToken();
        return new Stamp(
                session.createdAt().toEpochMilli(),
                session.lastActiveAt().toEpochMilli(),
                session.id().substring(0, SESSION),
                hash(refreshToken == null ? tokens.accessToken() : refreshToken));
    }

    static Optional<Stamp> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new Stamp(millis(parts.group(1)), millis(parts.group(2)), parts.group(3), parts.group(4)))
                        // A zero in front would make two names of one stamp.
                        .filter(stamp -> stamp.toString().equals(text))
                : Optional.empty();
    }

    private static long millis(String text) {
        return Long.parseLong(text, Character.MAX_RADIX);
    }

    private static String hash(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().encodeToString(hash).substring(0, HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Returns whether the session is bound to its device. */
    boolean isBound() {
        return issued == BOUND;
    }

    boolean isOfSameSession(Stamp other) {
        return session.equals(other.session);
    }

    boolean isOf(String sessionId) {
        return sessionId.startsWith(session);
    }

    @Override
    public int compareTo(Stamp other) {
        return Comparator.comparingLong(Stamp::login)
                .thenComparing(Stamp::session)
                .thenComparingLong(Stamp::issued)
                .thenComparing(Stamp::hash)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return Long.toString(login, Character.MAX_RADIX) + "-" + Long.toString(issued, Character.MAX_RADIX) + "-"
                + session + hash;
    }
}
