package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the form of a token before java-jwt sees it, because java-jwt is lenient about form and reads the payload
 * before it checks the signature. Only tokens as this library writes them pass (RFC 8725, section 3): at most 8 KiB;
 * three parts of canonical base64url; strict UTF-8; strict JSON without duplicate members (RFC 8725, 2.4); a header of
 * exactly the {@code alg}, {@code typ} and {@code kid} of one of the ring's keys; each claim of this library present
 * with its JSON type.
 */
final class TokenGate {
    static final int MAX_LENGTH = 8 * 1024;
    /** The last second of the year 9999. No clock shows a later time, and no arithmetic on this one overflows. */
    static final long MAX_EPOCH_SECOND = 253_402_300_799L;

    private static final Set<String> ALWAYS = Set.of("iss", "sub", "aud", "iat", "exp");

    private final Set<String> types;
    private final boolean typeIsOptional;
    private final Set<String> required;
    private final Map<String, Kind> kinds;

    /**
     * Nearly every token has the same header as the one before. That header is accepted while its key is in the ring.
     */
    private volatile @Nullable Accepted last;

    private TokenGate(Set<String> types, boolean typeIsOptional, Set<String> required, Map<String, Kind> kinds) {
        this.types = types;
        this.typeIsOptional = typeIsOptional;
        this.required = required;
        this.kinds = new HashMap<>(Map.of(
                "iss", Kind.TEXT, "sub", Kind.USER_ID, "iat", Kind.SECONDS, "exp", Kind.SECONDS, "nbf", Kind.SECONDS));
        this.kinds.putAll(kinds);
    }

    static TokenGate ofSessions(String tokenType, String sessionIdClaim) {
        Set<String> required = new HashSet<>(ALWAYS);
        required.addAll(List.of("jti", sessionIdClaim));
        return new TokenGate(
                Set.of(tokenType),
                false,
                required,
                Map.of(
                        "aud",
                        Kind.ONE_OR_SEVERAL,
                        "jti",
                        Kind.TEXT,
                        sessionIdClaim,
                        Kind.SESSION_ID,
                        TokenCodec.GENERATION,
                        Kind.GENERATION));
    }

    /**
     * Accepts what issuers of stateless tokens commonly write: other types, several audiences, no token id. Refuses
     * everything that may be a session's token, even one from before a setting was changed: a {@code sid}, a
     * generation, and this service's own type unless it is the common type {@code JWT}.
     */
    static TokenGate ofStatelessTokens(String tokenType, String sessionIdClaim) {
        Set<String> types = tokenType.equals("at+jwt") ? Set.of("JWT") : Set.of("JWT", "at+jwt");
        Map<String, Kind> kinds =
                new HashMap<>(Map.of("aud", Kind.TEXTS, "sid", Kind.FORBIDDEN, TokenCodec.GENERATION, Kind.FORBIDDEN));
        kinds.put(sessionIdClaim, Kind.FORBIDDEN);
        return new TokenGate(types, true, ALWAYS, kinds);
    }

    /** Returns the claims and the key that the token names. Nothing of them is verified yet. */
    Seen check(String token, KeyRing keys) {
        if (token.length() > MAX_LENGTH) {
            throw malformed();
        }
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (second < 0 || token.indexOf('.', second + 1) >= 0) {
            throw malformed();
        }
        String payload = CompactJws.text(CompactJws.decode(token.substring(first + 1, second)));
        CompactJws.decode(token.substring(second + 1));
        VerificationKey key = checkHeader(token.substring(0, first), keys);
        return new Seen(key, checkClaims(payload));
    }

    private VerificationKey checkHeader(String encoded, KeyRing keys) {
        Accepted known = last;
        VerificationKey knownKey = known != null && known.header.equals(encoded) ? keys.find(known.key) : null;
        if (knownKey != null) {
            return knownKey;
        }
        Map<String, String> found = readHeader(encoded);
        String type = found.get("typ");
        if (!(type == null ? typeIsOptional : types.contains(type))) {
            throw new InvalidTokenException(Reason.WRONG_TYPE);
        }
        VerificationKey key = keys.find(found.get("kid"));
        if (key == null || !key.algorithm().getName().equals(found.get("alg"))) {
            throw new InvalidTokenException(Reason.UNKNOWN_KEY);
        }
        if (!found.equals(key.header(type))) {
            throw malformed();
        }
        last = new Accepted(encoded, key);
        return key;
    }

    private Map<String, String> readHeader(String encoded) {
        Map<String, String> members = new HashMap<>();
        CompactJws.readObject(
                CompactJws.text(CompactJws.decode(encoded)),
                (name, value, parser) -> members.put(name, value == JsonToken.VALUE_STRING ? parser.getText() : ""));
        return members;
    }

    private Map<String, Object> checkClaims(String payload) {
        Map<String, Object> found = new HashMap<>();
        CompactJws.readObject(payload, (name, value, parser) -> {
            Kind kind = kinds.get(name);
            if (kind != null) {
                Object claim = kind.read(value, parser);
                if (claim == null) {
                    throw malformed();
                }
                found.put(name, claim);
            }
        });
        if (!found.keySet().containsAll(required)) {
            throw new InvalidTokenException(Reason.MISSING_CLAIM);
        }
        return found;
    }

    private static InvalidTokenException malformed() {
        return new InvalidTokenException(Reason.MALFORMED);
    }

    private record Accepted(String header, VerificationKey key) {}

    /** The claims that this library knows, as the token states them, and the key that the token names. */
    record Seen(VerificationKey key, Map<String, Object> claims) {
        boolean has(String claim) {
            return claims.containsKey(claim);
        }

        String text(String claim) {
            return (String) requireNonNull(claims.get(claim));
        }

        Instant time(String claim) {
            return Instant.ofEpochSecond((Long) requireNonNull(claims.get(claim)));
        }

        /** The first generation is not written, so that most tokens are shorter. */
        int generation() {
            Object generation = claims.get(TokenCodec.GENERATION);
            return generation == null ? 1 : (Integer) generation;
        }

        List<String> audiences() {
            return claims.get("aud") instanceof Texts texts ? texts.all() : List.of(text("aud"));
        }
    }

    private record Texts(List<String> all) {}

    private enum Kind {
        TEXT,
        TEXTS,
        ONE_OR_SEVERAL,
        SECONDS,
        USER_ID,
        SESSION_ID,
        GENERATION,
        FORBIDDEN;

        /** Returns null if the value is of another kind. */
        @Nullable
        Object read(@Nullable JsonToken value, JsonParser parser) throws IOException {
            return switch (this) {
                case TEXT -> value == JsonToken.VALUE_STRING ? parser.getText() : null;
                case TEXTS -> value == JsonToken.START_ARRAY ? texts(parser) : TEXT.read(value, parser);
                case ONE_OR_SEVERAL -> {
                    Object found = TEXTS.read(value, parser);
                    // This library writes one audience as a text.
                    yield found instanceof Texts texts && texts.all().size() < 2 ? null : found;
                }
                case SECONDS -> value == JsonToken.VALUE_NUMBER_INT ? epochSecond(parser) : null;
                case SESSION_ID ->
                    value == JsonToken.VALUE_STRING && SessionIds.isWellFormed(parser.getText())
                            ? parser.getText()
                            : null;
                case USER_ID ->
                    value == JsonToken.VALUE_STRING && Identifiers.isValid(parser.getText()) ? parser.getText() : null;
                case GENERATION -> value == JsonToken.VALUE_NUMBER_INT ? laterGeneration(parser) : null;
                case FORBIDDEN -> null;
            };
        }

        private static @Nullable Texts texts(JsonParser parser) throws IOException {
            List<String> texts = new ArrayList<>();
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
                texts.add(parser.getText());
            }
            return parser.currentToken() == JsonToken.END_ARRAY ? new Texts(texts) : null;
        }

        private static @Nullable Integer laterGeneration(JsonParser parser) throws IOException {
            return parser.getNumberType() == JsonParser.NumberType.INT && parser.getIntValue() > 1
                    ? parser.getIntValue()
                    : null;
        }

        private static @Nullable Long epochSecond(JsonParser parser) throws IOException {
            return switch (parser.getNumberType()) {
                case INT, LONG -> {
                    long second = parser.getLongValue();
                    yield second >= 0 && second <= MAX_EPOCH_SECOND ? second : null;
                }
                default -> null;
            };
        }
    }
}
