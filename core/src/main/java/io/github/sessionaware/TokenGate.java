package io.github.sessionaware;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form of a token, checked before java-jwt sees it, because java-jwt is lenient about form and reads the payload
 * before it checks the signature. Only what this library writes passes (RFC 8725, section 3): at most 8 KiB, three
 * parts of canonical base64url, strict UTF-8, strict JSON without duplicate members (RFC 8725, 2.4), a header of
 * exactly the {@code alg}, {@code typ} and {@code kid} of one of our keys, and each claim of ours present with its JSON
 * type.
 */
final class TokenGate {
    static final int MAX_LENGTH = 8 * 1024;
    static final int MAX_DEPTH = 64;
    /** The last second of the year 9999: no clock gets there, and no arithmetic on it overflows. */
    private static final long MAX_EPOCH_SECOND = 253_402_300_799L;

    private static final Map<String, Kind> REGISTERED =
            Map.of("iss", Kind.TEXT, "sub", Kind.TEXT, "iat", Kind.SECONDS, "exp", Kind.SECONDS);

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names in an attacker's JSON must not fill tables that outlive the request.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final Set<String> types;
    private final boolean typeIsOptional;
    private final Map<String, Kind> required;
    private final Set<String> forbidden;

    private TokenGate(Set<String> types, boolean typeIsOptional, Map<String, Kind> required, Set<String> forbidden) {
        this.types = types;
        this.typeIsOptional = typeIsOptional;
        this.required = required;
        this.forbidden = forbidden;
    }

    static TokenGate ofSessions(String tokenType, String sessionIdClaim) {
        Map<String, Kind> required = new HashMap<>(REGISTERED);
        required.put("aud", Kind.TEXT);
        required.put("jti", Kind.TEXT);
        required.put(sessionIdClaim, Kind.SESSION_ID);
        return new TokenGate(Set.of(tokenType), false, required, Set.of());
    }

    /**
     * What issuers commonly write who know nothing of sessions: other types, several audiences, no token id. But
     * nothing that a session's token may have been, also before a setting was changed: this service's own type, unless
     * it is the one that everybody has, or a {@code sid}.
     */
    static TokenGate ofTokensWithoutSession(String tokenType, String sessionIdClaim) {
        Map<String, Kind> required = new HashMap<>(REGISTERED);
        required.put("aud", Kind.TEXTS);
        Set<String> types = tokenType.equals("at+jwt") ? Set.of("JWT") : Set.of("JWT", "at+jwt");
        return new TokenGate(types, true, required, Set.copyOf(List.of(sessionIdClaim, "sid")));
    }

    /** Returns the key that the token says it is signed with, which is one of these. */
    VerificationKey check(String token, KeyRing keys) {
        if (token.length() > MAX_LENGTH) {
            throw malformed();
        }
        List<String> parts = List.of(token.split("\\.", -1));
        if (parts.size() != 3) {
            throw malformed();
        }
        String header = textOf(decode(parts.get(0)));
        String payload = textOf(decode(parts.get(1)));
        decode(parts.get(2));
        VerificationKey key = checkHeader(header, keys);
        checkClaims(payload);
        return key;
    }

    private VerificationKey checkHeader(String header, KeyRing keys) {
        Map<String, String> found = new HashMap<>();
        readObject(
                header,
                (name, value, parser) -> found.put(name, Kind.TEXT.matches(value, parser) ? parser.getText() : ""));
        String type = found.get("typ");
        VerificationKey key = keys.find(found.get("kid"));
        if (key == null || !(type == null ? typeIsOptional : types.contains(type)) || !found.equals(key.header(type))) {
            throw new InvalidTokenException(Reason.NOT_OURS);
        }
        return key;
    }

    private void checkClaims(String payload) {
        Map<String, Kind> missing = new HashMap<>(required);
        readObject(payload, (name, value, parser) -> {
            Kind kind = name.equals("nbf") ? Kind.SECONDS : missing.remove(name);
            if (forbidden.contains(name) || (kind != null && !kind.matches(value, parser))) {
                throw malformed();
            }
        });
        if (!missing.isEmpty()) {
            throw malformed();
        }
    }

    private static byte[] decode(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            // The JDK's decoder takes padding and stray last bits, which would give one token many spellings.
            if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                throw malformed();
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static String textOf(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    /** Reads one JSON object and nothing after it, showing each member of its top level to the visitor. */
    private void readObject(String text, Member visitor) {
        try (JsonParser parser = json.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                visitor.see(name, parser.nextToken(), parser);
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw malformed();
            }
        } catch (IOException e) {
            throw malformed();
        }
    }

    private static InvalidTokenException malformed() {
        return new InvalidTokenException(Reason.MALFORMED);
    }

    private interface Member {
        void see(String name, @Nullable JsonToken value, JsonParser parser) throws IOException;
    }

    private enum Kind {
        TEXT,
        TEXTS,
        SECONDS,
        SESSION_ID;

        boolean matches(@Nullable JsonToken value, JsonParser parser) throws IOException {
            return switch (this) {
                case TEXT -> value == JsonToken.VALUE_STRING;
                case TEXTS -> value == JsonToken.VALUE_STRING || isListOfTexts(value, parser);
                case SECONDS -> value == JsonToken.VALUE_NUMBER_INT && isEpochSecond(parser);
                case SESSION_ID -> value == JsonToken.VALUE_STRING && SessionIds.isWellFormed(parser.getText());
            };
        }

        private static boolean isListOfTexts(@Nullable JsonToken value, JsonParser parser) throws IOException {
            if (value != JsonToken.START_ARRAY) {
                return false;
            }
            JsonToken next = parser.nextToken();
            while (next == JsonToken.VALUE_STRING) {
                next = parser.nextToken();
            }
            return next == JsonToken.END_ARRAY;
        }

        private static boolean isEpochSecond(JsonParser parser) throws IOException {
            return switch (parser.getNumberType()) {
                case INT, LONG -> parser.getLongValue() >= 0 && parser.getLongValue() <= MAX_EPOCH_SECOND;
                default -> false;
            };
        }
    }
}
