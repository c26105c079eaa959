package io.github.sessionaware;

import com.fasterxml.jackson.core.JsonToken;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A proof of a device's key, as Device Bound Session Credentials define it (section "DBSC Proof JWT Syntax"). Its form
 * was checked, and nothing else.
 *
 * @param token the whole proof
 * @param algorithm {@code ES256} or {@code RS256}
 * @param key the key that the proof brings; null at a renewal, where the record has the key
 * @param challenge what the server has asked the device to sign
 */
record DeviceProof(String token, String algorithm, @Nullable DeviceKey key, String challenge) {
    private static final String TYPE = "dbsc+jwt";
    private static final Set<String> ALGORITHMS = Set.of("ES256", "RS256");

    /** Reads the proof of a registration, which brings its key. */
    static DeviceProof withKey(@Nullable String token) {
        return read(token, Set.of("alg", "typ", "jwk"));
    }

    /** Reads the proof of a renewal. */
    static DeviceProof withoutKey(@Nullable String token) {
        return read(token, Set.of("alg", "typ"));
    }

    private static DeviceProof read(@Nullable String token, Set<String> headerMembers) {
        if (token == null || token.isBlank()) {
            throw new InvalidTokenException(Reason.MISSING);
        }
        if (token.length() > TokenGate.MAX_LENGTH) {
            throw CompactJws.malformed();
        }
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (second < 0) {
            throw CompactJws.malformed();
        }
        String payload = CompactJws.text(CompactJws.decode(token.substring(first + 1, second)));
        // Refuses further parts too, because no base64url text contains a dot.
        CompactJws.decode(token.substring(second + 1));
        Header header = Header.read(CompactJws.text(CompactJws.decode(token.substring(0, first))), headerMembers);
        return new DeviceProof(token, header.algorithm, header.key, challenge(payload));
    }

    /** Ignores other claims: the draft allows them, and browsers have sent an audience and a time. */
    private static String challenge(String payload) {
        String[] found = new String[1];
        CompactJws.readObject(payload, (name, value, parser) -> {
            boolean isText = value == JsonToken.VALUE_STRING;
            if (name.equals("jti") && isText) {
                found[0] = parser.getText();
            } else if (name.equals("jti") || (name.equals("authorization") && !isText)) {
                throw CompactJws.malformed();
            }
        });
        if (found[0] == null) {
            throw new InvalidTokenException(Reason.MISSING_CLAIM);
        }
        return found[0];
    }

    /** Returns a constant, because a proof that was not used yet renews a session. */
    @Override
    public String toString() {
        return "DeviceProof[(hidden)]";
    }

    /** Collects the members of a header. */
    private static final class Header {
        private String algorithm = "";
        private String type = "";
        private @Nullable DeviceKey key;

        static Header read(String json, Set<String> members) {
            Header header = new Header();
            Set<String> found = new HashSet<>();
            CompactJws.readObject(json, (name, value, parser) -> {
                found.add(name);
                if (name.equals("jwk") && members.contains(name) && value == JsonToken.START_OBJECT) {
                    header.key = DeviceKey.read(parser);
                } else if (name.equals("alg") && value == JsonToken.VALUE_STRING) {
                    header.algorithm = parser.getText();
                } else if (name.equals("typ") && value == JsonToken.VALUE_STRING) {
                    header.type = parser.getText();
                } else {
                    throw CompactJws.malformed();
                }
            });
            if (!header.type.equals(TYPE)) {
                throw new InvalidTokenException(Reason.WRONG_TYPE);
            }
            if (!found.equals(members) || !ALGORITHMS.contains(header.algorithm)) {
                throw CompactJws.malformed();
            }
            return header;
        }
    }
}
