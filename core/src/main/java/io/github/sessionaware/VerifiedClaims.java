package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What verification proved of a token, without the signature, so that it cannot authenticate. java-jwt reads the claims
 * when the application first asks for one.
 */
final class VerifiedClaims {
    /** A double holds every whole number up to this one. */
    private static final long MAX_EXACT_DOUBLE = 1L << 53;

    private final VerificationKey key;
    private final String userId;
    private final @Nullable String sessionId;
    private final int generation;
    private final Instant issuedAt;
    private final Instant expiresAt;
    private final @Nullable Instant notBefore;
    private final String unsigned;
    private volatile @Nullable Map<String, @Nullable Object> all;

    VerifiedClaims(
            VerificationKey key,
            String userId,
            @Nullable String sessionId,
            int generation,
            Instant issuedAt,
            Instant expiresAt,
            @Nullable Instant notBefore,
            String token) {
        this.key = key;
        this.userId = userId;
        this.sessionId = sessionId;
        this.generation = generation;
        this.issuedAt = issuedAt;
        this.expiresAt = expiresAt;
        this.notBefore = notBefore;
        this.unsigned = token.substring(0, token.lastIndexOf('.') + 1);
    }

    VerificationKey key() {
        return key;
    }

    String userId() {
        return userId;
    }

    String issuer() {
        return claim("iss", String.class).orElseThrow();
    }

    List<String> audiences() {
        return all().get("aud") instanceof String one ? List.of(one) : claims("aud", String.class);
    }

    /** Only for a token that has a session id. */
    String sessionId() {
        return requireNonNull(sessionId);
    }

    int generation() {
        return generation;
    }

    Instant issuedAt() {
        return issuedAt;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    /** Returns the SHA-256 of header and claims in base64url. The signature is left out: some have two spellings. */
    String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(unsigned.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java platform has no SHA-256", e);
        }
    }

    boolean isTooEarly(Instant now, Duration leeway) {
        return notBefore != null && now.plus(leeway).isBefore(notBefore);
    }

    boolean isTooLate(Instant now, Duration leeway) {
        return !now.isBefore(expiresAt.plus(leeway));
    }

    /** Two threads may both read the claims; the results are equal. */
    Map<String, @Nullable Object> all() {
        Map<String, @Nullable Object> known = all;
        if (known == null) {
            Map<String, @Nullable Object> read = new LinkedHashMap<>();
            JWT.decode(unsigned).getClaims().forEach((name, claim) -> read.put(name, frozen(claim.as(Object.class))));
            known = Collections.unmodifiableMap(read);
            all = known;
        }
        return known;
    }

    private static @Nullable Object frozen(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(frozen(element)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, element) -> copy.put(requireNonNull(name), frozen(element)));
            return Collections.unmodifiableMap(copy);
        }
        return value;
    }

    <T> Optional<T> claim(String name, Class<T> type) {
        requireNonNull(type, "type");
        Object value = all().get(requireNonNull(name, "name"));
        return value == null ? Optional.empty() : Optional.of(as(name, value, type));
    }

    <T> List<T> claims(String name, Class<T> elementType) {
        requireNonNull(elementType, "elementType");
        List<?> values = claim(name, List.class).orElse(List.of());
        List<T> typed = new ArrayList<>(values.size());
        for (Object value : values) {
            typed.add(as(name, value, elementType));
        }
        return Collections.unmodifiableList(typed);
    }

    private static <T> T as(String name, @Nullable Object value, Class<T> type) {
        Object converted = value instanceof Integer || value instanceof Long ? widened((Number) value, type) : value;
        if (!type.isInstance(converted)) {
            throw new IllegalArgumentException("The claim \"" + name + "\" must have the type " + type.getSimpleName()
                    + ", but has " + typeOf(value));
        }
        return type.cast(converted);
    }

    /**
     * Widens a whole number, because JSON has one type for all of them. Returns a number as it is if the wanted type
     * cannot hold it exactly.
     */
    private static Object widened(Number number, Class<?> type) {
        long value = number.longValue();
        if (type == Long.class) {
            return value;
        }
        if (type == Double.class && Math.abs(value) <= MAX_EXACT_DOUBLE) {
            return (double) value;
        }
        if (type == Instant.class && value >= 0 && value <= TokenGate.MAX_EPOCH_SECOND) {
            return Instant.ofEpochSecond(value);
        }
        return number;
    }

    private static String typeOf(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return value instanceof List
                ? "List"
                : value instanceof Map ? "Map" : value.getClass().getSimpleName();
    }
}
