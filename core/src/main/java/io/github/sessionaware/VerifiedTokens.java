package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what verification has proved of tokens, by their SHA-256: verifying is a pure function, and a token that
 * comes with every request need not be verified with every request. What may change (the ring of keys, the time, the
 * session) is none of it; whoever asks checks that each time.
 *
 * <p>Bounded by two generations: what is new or used again goes into the recent one; when that is full it becomes the
 * older one, and what the older one still held is forgotten. So a token stays that is used once while others fill half
 * of the room. Only a token that was accepted twice gets in, so that those that come once cost nobody a place. To push
 * others out takes as many tokens, each from a login or a refresh, as fill half of the room, again and again; and
 * whoever was pushed out pays for two signatures.
 */
final class VerifiedTokens {
    private static final int SLOTS = 1 << 14;

    private final int generation;

    /** A part of the hash of what was accepted once. Two may share a slot or a part, and are kept later or at once. */
    private final AtomicIntegerArray acceptedOnce = new AtomicIntegerArray(SLOTS);

    private volatile Map<String, VerifiedClaims> recent = new ConcurrentHashMap<>();
    private volatile Map<String, VerifiedClaims> older = Map.of();

    /** Remembers no more than this many, rounded up to an even number; 0 is nothing. */
    VerifiedTokens(int entries) {
        this.generation = entries / 2 + entries % 2;
    }

    /** What a token is remembered by; null if it is not going to be. */
    @Nullable
    String hash(@Nullable String token) {
        if (generation == 0 || token == null || token.length() > TokenGate.MAX_LENGTH) {
            return null;
        }
        try {
            // What is not Latin-1 becomes a question mark, which no token that was accepted has.
            byte[] bytes = token.getBytes(StandardCharsets.ISO_8859_1);
            return new String(MessageDigest.getInstance("SHA-256").digest(bytes), StandardCharsets.ISO_8859_1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Nullable
    VerifiedClaims find(String hash) {
        VerifiedClaims found = recent.get(hash);
        if (found == null) {
            found = older.get(hash);
            if (found != null) {
                keep(hash, found);
            }
        }
        return found;
    }

    /** For a token that was accepted just now: kept if it is not for the first time. */
    void put(String hash, VerifiedClaims claims) {
        int part = hash.hashCode();
        if (acceptedOnce.getAndSet(part & (SLOTS - 1), part) == part) {
            keep(hash, claims);
        }
    }

    /** A find that meets the change of generations may miss one, which costs a signature. */
    private synchronized void keep(String hash, VerifiedClaims claims) {
        if (recent.size() >= generation) {
            older = recent;
            recent = new ConcurrentHashMap<>();
        }
        recent.put(hash, claims);
    }
}
