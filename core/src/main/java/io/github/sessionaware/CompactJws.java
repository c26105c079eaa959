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
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a token in the compact form of RFC 7515 strictly: canonical base64url, strict UTF-8, and JSON
 * without duplicate members (RFC 8725, section 2.4). Anything else is {@link Reason#MALFORMED}.
 */
final class CompactJws {
    static final int MAX_DEPTH = 64;

    private static final char REPLACEMENT = '\uFFFD';

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names in an attacker's JSON must not fill caches that outlive the request.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private CompactJws() {}

    static byte[] decode(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            // The JDK's decoder accepts padding and stray last bits, so that one token would have many spellings.
            byte[] lastBytes = Arrays.copyOfRange(bytes, bytes.length - bytes.length % 3, bytes.length);
            if (!part.endsWith(Base64.getUrlEncoder().withoutPadding().encodeToString(lastBytes))) {
                throw malformed();
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    /**
     * Decodes strict UTF-8. The fast decoder turns invalid bytes into a replacement character. Only a text that
     * contains this character needs the slow, strict decoder.
     */
    static String text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    /** Reads exactly one JSON object, and passes each member of its top level to the visitor. */
    static void readObject(String text, Member visitor) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed();
            }
            readMembers(parser, visitor);
            if (parser.nextToken() != null) {
                throw malformed();
            }
        } catch (IOException e) {
            throw malformed();
        }
    }

    /** Reads the members of the object that the parser has entered, up to its end. */
    static void readMembers(JsonParser parser, Member visitor) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            visitor.see(name, parser.nextToken(), parser);
            parser.skipChildren();
        }
    }

    static InvalidTokenException malformed() {
        return new InvalidTokenException(Reason.MALFORMED);
    }

    interface Member {
        void see(String name, @Nullable JsonToken value, JsonParser parser) throws IOException;
    }
}
