package io.github.sessionaware;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes public keys as JSON (RFC 7517), with the members of RFC 7518, section 6. */
final class Jwks {
    private static final JsonFactory JSON = new JsonFactory();

    private Jwks() {}

    /** Returns a key set that leaves out keys that are secrets. */
    static String of(Collection<VerificationKey> keys) {
        return json(generator -> {
            generator.writeStartObject();
            generator.writeArrayFieldStart("keys");
            for (VerificationKey key : keys) {
                PublicKey publicKey = key.publicKey();
                if (publicKey != null) {
                    SortedMap<String, String> members = required(publicKey);
                    members.put("use", "sig");
                    members.put("alg", key.algorithm().getName());
                    if (key.keyId() != null) {
                        members.put("kid", key.keyId());
                    }
                    write(members, generator);
                }
            }
            generator.writeEndArray();
            generator.writeEndObject();
        });
    }

    /** Returns the required members, sorted by name, without spaces (RFC 7638, section 3). */
    static String canonical(PublicKey key) {
        return json(generator -> write(required(key), generator));
    }

    /** Returns the thumbprint of RFC 7638: a hash of the canonical form. */
    static String thumbprint(PublicKey key) {
        try {
            byte[] canonical = canonical(key).getBytes(StandardCharsets.UTF_8);
            return base64(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java platform has no SHA-256", e);
        }
    }

    private static SortedMap<String, String> required(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return new TreeMap<>(
                    Map.of("kty", "RSA", "n", number(rsa.getModulus(), 0), "e", number(rsa.getPublicExponent(), 0)));
        }
        ECPublicKey ec = (ECPublicKey) key;
        Curve curve = Curve.find(ec).orElseThrow();
        return new TreeMap<>(Map.of(
                "kty",
                "EC",
                "crv",
                curve.standardName(),
                "x",
                number(ec.getW().getAffineX(), curve.coordinateBytes()),
                "y",
                number(ec.getW().getAffineY(), curve.coordinateBytes())));
    }

    private static void write(SortedMap<String, String> members, JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        for (Map.Entry<String, String> member : members.entrySet()) {
            generator.writeStringField(member.getKey(), member.getValue());
        }
        generator.writeEndObject();
    }

    /** Encodes a number as unsigned and big-endian, padded with zeros to at least {@code minBytes} bytes. */
    private static String number(BigInteger number, int minBytes) {
        byte[] signed = number.toByteArray();
        byte[] unsigned = signed[0] == 0 ? Arrays.copyOfRange(signed, 1, signed.length) : signed;
        byte[] padded = new byte[Math.max(minBytes, unsigned.length)];
        System.arraycopy(unsigned, 0, padded, padded.length - unsigned.length, unsigned.length);
        return base64(padded);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String json(Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            content.writeTo(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private interface Content {
        void writeTo(JsonGenerator generator) throws IOException;
    }
}
