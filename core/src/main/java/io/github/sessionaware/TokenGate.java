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
import org.jspecify.annotations.Nullable;

/**
 * The form of a token, checked before java-jwt sees it, because java-jwt is lenient about form and reads the payload
 * before it checks the signature. Only what this library writes passes (RFC 8725, section 3): at most 8 KiB, three
 * parts of canonical base64url, strict UTF-8, strict JSON without duplicate members (RFC 8725, 2.4), a header of
 * exactly our {@code alg}, {@code typ} and {@code kid}, and each claim of ours present with its JSON type.
 */
final class TokenGate {
    static final int MAX_LENGTH = 8 * 1024;
    static final int MAX_DEPTH = 64;
    /** The last second of the year 9999: no clock gets there, and no arithmetic on it overflows. */
    private static final long MAX_EPOCH_SECOND = 253_402_300_799L;

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names in an attacker's JSON must not fill tables that outlive the request.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final Map<String, String> expectedHeader;
    private final Map<String, Kind> expectedClaims;

    TokenGate(SigningKey key, String tokenType, String sessionIdClaim) {
        Map<String, String> header = new HashMap<>();
        header.put("alg", key.algorithm().getName());
        header.put("typ", tokenType);
        if (key.keyId() != null) {
            header.put("kid", key.keyId());
        }
        this.expectedHeader = Map.copyOf(header);
        this.expectedClaims = Map.of(
                "iss",
                Kind.TEXT,
                "sub",
                Kind.TEXT,
                "aud",
                Kind.TEXT,
                "iat",
                Kind.SECONDS,
                "exp",
                Kind.SECONDS,
                "jti",
                Kind.TEXT,
                sessionIdClaim,
                Kind.SESSION_ID);
    }

    void check(String token) {
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
        checkHeader(header);
        checkClaims(payload);
    }

    private void checkHeader(String header) {
        Map<String, String> found = new HashMap<>();
        readObject(
                header,
                (name, value, parser) -> found.put(name, Kind.TEXT.matches(value, parser) ? parser.getText() : ""));
        if (!found.equals(expectedHeader)) {
            throw new InvalidTokenException(Reason.NOT_OURS);
        }
    }

    private void checkClaims(String payload) {
        Map<String, Kind> missing = new HashMap<>(expectedClaims);
        readObject(payload, (name, value, parser) -> {
            Kind kind = name.equals("nbf") ? Kind.SECONDS : missing.remove(name);
            if (kind != null && !kind.matches(value, parser)) {
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
        SECONDS,
        SESSION_ID;

        boolean matches(@Nullable JsonToken value, JsonParser parser) throws IOException {
            return switch (this) {
                case TEXT -> value == JsonToken.VALUE_STRING;
                case SECONDS -> value == JsonToken.VALUE_NUMBER_INT && isEpochSecond(parser);
                case SESSION_ID -> value == JsonToken.VALUE_STRING && SessionIds.isWellFormed(parser.getText());
            };
        }

        private static boolean isEpochSecond(JsonParser parser) throws IOException {
            return switch (parser.getNumberType()) {
                case INT, LONG -> parser.getLongValue() >= 0 && parser.getLongValue() <= MAX_EPOCH_SECOND;
                default -> false;
            };
        }
    }
}
