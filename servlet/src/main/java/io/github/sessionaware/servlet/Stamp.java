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
 * The end of a cookie's name: when its token was issued, the beginning of the session id, and the beginning of a hash
 * of the tokens. So a response that arrives late cannot overwrite the cookies of other tokens, and the newest cookies
 * are tried first. It decides nothing else, because a client can write anything.
 */
record Stamp(long millis, String session, String hash) implements Comparable<Stamp> {
    private static final int SESSION = 6;
    private static final int HASH = 4;
    private static final Pattern FORM =
            Pattern.compile("([0-9a-z]{1,10})-([A-Za-z0-9_-]{" + SESSION + "})([A-Za-z0-9_-]{" + HASH + "})");

    static Stamp of(IssuedTokens tokens) {
        Session session = tokens.session();
        String refreshToken = tokens.refreshToken();
        return new Stamp(
                session.lastActiveAt().toEpochMilli(),
                session.id().substring(0, SESSION),
                hash(refreshToken == null ? tokens.accessToken() : refreshToken));
    }

    static Optional<Stamp> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new Stamp(Long.parseLong(parts.group(1), Character.MAX_RADIX), parts.group(2), parts.group(3)))
                : Optional.empty();
    }

    private static String hash(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().encodeToString(hash).substring(0, HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    boolean isOfSameSession(Stamp other) {
        return session.equals(other.session);
    }

    boolean isOf(String sessionId) {
        return sessionId.startsWith(session);
    }

    @Override
    public int compareTo(Stamp other) {
        return Comparator.comparingLong(Stamp::millis)
                .thenComparing(Stamp::session)
                .thenComparing(Stamp::hash)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return Long.toString(millis, Character.MAX_RADIX) + "-" + session + hash;
    }
}
