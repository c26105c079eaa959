package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Caches what verification proved of a token, under the token's SHA-256, so that a token sent with every request is not
 * verified every time. It holds only what cannot change. The key ring, the time and the session can change, so the
 * caller checks them each time.
 *
 * <p>Two generations bound the cache. A new or used entry goes into the recent generation. When that is full, it
 * becomes the older one, and the entries of the former older one are dropped. So a token stays if it is used again
 * before other tokens fill half of the cache. Only accepted tokens enter the cache. To displace others, an attacker
 * must repeatedly bring as many accepted tokens as fill half of it, each from a login or a refresh. A displaced token
 * costs one signature check.
 */
final class VerifiedTokens {
    private final int generation;
    private volatile Map<String, VerifiedClaims> recent = new ConcurrentHashMap<>();
    private volatile Map<String, VerifiedClaims> older = Map.of();

    /** Creates a cache for at most this many tokens, rounded up to an even number; 0 remembers nothing. */
    VerifiedTokens(int entries) {
        this.generation = entries / 2 + entries % 2;
    }

    /** Returns the hash under which a token is remembered; null if the token will not be remembered. */
    @Nullable
    String hash(@Nullable String token) {
        if (generation == 0 || token == null || token.length() > TokenGate.MAX_LENGTH) {
            return null;
        }
        try {
            // A character outside Latin-1 becomes a question mark, which no accepted token contains.
            byte[] bytes = token.getBytes(StandardCharsets.ISO_8859_1);
            return new String(MessageDigest.getInstance("SHA-256").digest(bytes), StandardCharsets.ISO_8859_1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java platform has no SHA-256", e);
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

    /** A find during the change of generations may miss an entry, which costs one signature check. */
    synchronized void put(String hash, VerifiedClaims claims) {
        if (recent.size() >= generation) {
            older = recent;
            // The new map begins as large as the full one, because growing would move each entry once more.
            recent = new ConcurrentHashMap<>(generation);
        }
        recent.put(hash, claims);
    }
}
