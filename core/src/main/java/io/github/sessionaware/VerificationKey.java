package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.algorithms.Algorithm;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens with the one algorithm that it may be used for, and has the key id by which tokens name it. Immutable
 * and thread-safe. A key that was made from a public key cannot sign. The verification key of an HMAC key
 * ({@link SigningKey#verificationKey()}) holds the secret, because HMAC verifies with the same secret that signs.
 *
 * <p>A public key has its thumbprint as key id: the hash of RFC 7638, the same wherever the key is loaded. A secret has
 * none until {@link #withKeyId} gives it one, for the reason that {@link SigningKey} states.
 */
public final class VerificationKey {
    private static final Pattern KEY_ID = Pattern.compile("[\\x21-\\x7E]{1,128}");

    private final Algorithm algorithm;
    private final String thumbprint;
    private final @Nullable String keyId;
    private final @Nullable PublicKey publicKey;

    private VerificationKey(
            Algorithm algorithm, String thumbprint, @Nullable String keyId, @Nullable PublicKey publicKey) {
        this.algorithm = algorithm;
        this.thumbprint = thumbprint;
        this.keyId = keyId;
        this.publicKey = publicKey;
    }

    static VerificationKey secret(Algorithm algorithm, String thumbprint) {
        return new VerificationKey(algorithm, thumbprint, null, null);
    }

    /**
     * Creates a key that verifies with a public key.
     *
     * @param algorithm one of {@code RS256} to {@code ES512}
     * @param publicKey an RSA key of at least 2048 bits, or a point on the algorithm's curve
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException if the key is of another kind than the algorithm; if an RSA key is shorter (RFC
     *     7518, section 3.3), its modulus is even, or its exponent is even, below 65537 or over 256 bits (FIPS 186-5);
     *     or if an elliptic curve key is on another curve (RFC 7518, section 3.4), or its point is not on the curve
     */
    public static VerificationKey of(JwsAlgorithm algorithm, PublicKey publicKey) {
        requireNonNull(publicKey, "publicKey");
        Algorithm verifier = requireNonNull(algorithm, "algorithm").withKeys(publicKey, null);
        String thumbprint = Jwks.thumbprint(publicKey);
        return new VerificationKey(verifier, thumbprint, thumbprint, publicKey);
    }

    /**
     * Returns the same key with another key id.
     *
     * @param keyId 1 to 128 printable ASCII characters, without spaces
     * @return a new key
     * @throws IllegalArgumentException if the key id has another form
     */
    public VerificationKey withKeyId(String keyId) {
        if (!KEY_ID.matcher(requireNonNull(keyId, "keyId")).matches()) {
            throw new IllegalArgumentException("keyId must be 1 to 128 printable ASCII characters without spaces");
        }
        return new VerificationKey(algorithm, thumbprint, keyId, publicKey);
    }

    /**
     * Returns the same key without a key id, for tokens without {@code kid}, such as those of an application that did
     * not use key ids.
     *
     * @return a new key
     */
    public VerificationKey withoutKeyId() {
        return new VerificationKey(algorithm, thumbprint, null, publicKey);
    }

    /**
     * Returns the key id, by which tokens name this key: their {@code kid}.
     *
     * @return the key id, or null if the key has none
     */
    public @Nullable String keyId() {
        return keyId;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /** Returns a hash of the key material, which depends neither on the algorithm nor on the key id. */
    String thumbprint() {
        return thumbprint;
    }

    /** Returns whether both keys have the same key material and algorithm. Their key ids may differ. */
    boolean isSame(VerificationKey other) {
        return thumbprint.equals(other.thumbprint) && algorithm.getName().equals(other.algorithm.getName());
    }

    /** Returns null for an HMAC key. */
    @Nullable
    PublicKey publicKey() {
        return publicKey;
    }

    /** Returns the only header that tokens of this key may have. */
    Map<String, String> header(@Nullable String tokenType) {
        Map<String, String> header = new HashMap<>();
        header.put("alg", algorithm.getName());
        if (tokenType != null) {
            header.put("typ", tokenType);
        }
        if (keyId != null) {
            header.put("kid", keyId);
        }
        return header;
    }

    /** Returns the algorithm and the key id. */
    @Override
    public String toString() {
        return "VerificationKey[algorithm=" + algorithm.getName() + ", keyId=" + keyId + "]";
    }
}
