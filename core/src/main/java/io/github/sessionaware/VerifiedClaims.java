package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
        Object value = all().get(requireNonNull(name, "name"));
        return value == null ? Optional.empty() : Optional.of(as(name, value, requireNonNull(type, "type")));
    }

    <T> List<T> claims(String name, Class<T> elementType) {
        List<?> values = claim(name, List.class).orElse(List.of());
        List<T> typed = new ArrayList<>(values.size());
        for (Object value : values) {
            typed.add(as(name, value, elementType));
        }
        return Collections.unmodifiableList(typed);
    }

    /** Widens whole numbers, because JSON has one type for all of them. Converts nothing else. */
    private static <T> T as(String name, @Nullable Object value, Class<T> type) {
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (type == Long.class) {
                return type.cast(number);
            }
            if (type == Double.class) {
                return type.cast((double) number);
            }
            if (type == Instant.class) {
                return type.cast(Instant.ofEpochSecond(number));
            }
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("The claim \"" + name + "\" must have the type " + type.getSimpleName()
                    + ", but has " + typeOf(value));
        }
        return type.cast(value);
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
