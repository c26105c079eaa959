package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what verification has proved of tokens, by their SHA-256: verifying is a pure function, and a token that
 * comes with every request need not be verified with every request. What may change (the ring of keys, the time, the
 * session) is none of it; whoever asks checks that each time.
 *
 * <p>Bounded by two generations: what is new or used again goes into the recent one; when that is full it becomes the
 * older one, and what the older one still held is forgotten. So a token stays that is used once while others fill half
 * of the room. Only tokens that were accepted get in: to push others out takes as many of them, each from a login or a
 * refresh, as fill half of the room, again and again, and whoever was pushed out pays for one signature.
 */
final class VerifiedTokens {
    private final int generation;
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
                put(hash, found);
            }
        }
        return found;
    }

    /** A find that meets the change of generations may miss one, which costs a signature. */
    synchronized void put(String hash, VerifiedClaims claims) {
        if (recent.size() >= generation) {
            older = recent;
            // As large as the one that has just been filled: growing would move each token once more.
            recent = new ConcurrentHashMap<>(generation);
        }
        recent.put(hash, claims);
    }
}
