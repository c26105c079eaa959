package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.sessionaware.InvalidTokenException.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The public key of a device: one of ES256 or of RS256, the two algorithms of the draft that sign. A record keeps it as
 * the JSON that RFC 7638 hashes, with exactly the members that define the key.
 */
final class DeviceKey {
    /** A longer key would not fit into a record, and costs more to verify than any device's key needs. */
    private static final int MAX_RSA_BITS = 4096;

    private static final int COORDINATE_BYTES = Curve.P256.coordinateBytes();

    private final VerificationKey key;
    private final String encoded;

    private DeviceKey(JwsAlgorithm algorithm, PublicKey publicKey) {
        this.key = VerificationKey.of(algorithm, publicKey);
        this.encoded = Jwks.canonical(publicKey);
    }

    /** Reads the key of a proof, in the object that the parser has entered. */
    static DeviceKey read(JsonParser parser) throws IOException {
        Map<String, String> members = new HashMap<>();
        CompactJws.readMembers(parser, (name, value, member) -> {
            if (value != JsonToken.VALUE_STRING) {
                throw CompactJws.malformed();
            }
            members.put(name, member.getText());
        });
        return of(members);
    }

    /** Returns the key that a record keeps; null if the session is not bound. */
    static @Nullable DeviceKey of(SessionRecord session) {
        String stored = session.deviceKey();
        if (stored == null) {
            return null;
        }
        try {
            Map<String, String> members = new HashMap<>();
            CompactJws.readObject(stored, (name, value, parser) -> members.put(name, parser.getText()));
            return of(members);
        } catch (InvalidTokenException e) {
            throw new SessionStoreException("A session record has a device key that this release cannot read");
        }
    }

    private static DeviceKey of(Map<String, String> members) {
        try {
            if (members.keySet().equals(Set.of("kty", "crv", "x", "y"))
                    && "EC".equals(members.get("kty"))
                    && "P-256".equals(members.get("crv"))) {
                return new DeviceKey(JwsAlgorithm.ES256, ec(member(members, "x"), member(members, "y")));
            }
            if (members.keySet().equals(Set.of("kty", "n", "e")) && "RSA".equals(members.get("kty"))) {
                return new DeviceKey(JwsAlgorithm.RS256, rsa(member(members, "n"), member(members, "e")));
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // The key is of the right kind, but weak or no key at all. The refusal is the same.
        }
        throw new InvalidTokenException(Reason.MALFORMED);
    }

    private static String member(Map<String, String> members, String name) {
        return requireNonNull(members.get(name));
    }

    private static PublicKey ec(String x, String y) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(coordinate(x), coordinate(y));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger coordinate(String encoded) {
        byte[] bytes = CompactJws.decode(encoded);
        if (bytes.length != COORDINATE_BYTES) {
            throw new InvalidTokenException(Reason.MALFORMED);
        }
        return new BigInteger(1, bytes);
    }

    private static PublicKey rsa(String modulus, String exponent) throws GeneralSecurityException {
        BigInteger n = number(modulus);
        if (n.bitLength() > MAX_RSA_BITS) {
            throw new InvalidTokenException(Reason.MALFORMED);
        }
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, number(exponent)));
    }

    /** Accepts no zeros in front, so that one key has one spelling (RFC 7518, section 2). */
    private static BigInteger number(String encoded) {
        byte[] bytes = CompactJws.decode(encoded);
        if (bytes.length == 0 || bytes[0] == 0) {
            throw new InvalidTokenException(Reason.MALFORMED);
        }
        return new BigInteger(1, bytes);
    }

    String encoded() {
        return encoded;
    }

    /** Returns whether this key made the proof, with the algorithm of this key. */
    boolean signed(DeviceProof proof) {
        if (!key.algorithm().getName().equals(proof.algorithm())) {
            return false;
        }
        try {
            key.algorithm().verify(new UnverifiedToken(proof.token(), null));
            return true;
        } catch (RuntimeException e) {
            // Catch more than java-jwt's exceptions: whatever a proof contains, it must not make the service fail.
            return false;
        }
    }
}
