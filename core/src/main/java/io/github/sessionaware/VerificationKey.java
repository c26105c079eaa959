package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.algorithms.Algorithm;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
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

    static VerificationKey of(JwsAlgorithm algorithm, PublicKey publicKey) {
        requireNonNull(publicKey, "publicKey");
        Algorithm verifier = algorithm.withKeys(publicKey, null);
        String thumbprint = Jwks.thumbprint(publicKey);
        return new VerificationKey(verifier, thumbprint, thumbprint, publicKey);
    }

    /**
     * Creates a key for RS256 (RSASSA-PKCS1-v1_5 with SHA-256).
     *
     * @param publicKey an RSA key of at least 2048 bits
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException if the key is of another kind or shorter (RFC 7518, section 3.3), if its modulus
     *     is even, or if its exponent is even, below 65537 or over 256 bits (FIPS 186-5)
     */
    public static VerificationKey rsa256(PublicKey publicKey) {
        return of(JwsAlgorithm.RS256, publicKey);
    }

    /**
     * Creates a key for RS384 (RSASSA-PKCS1-v1_5 with SHA-384).
     *
     * @param publicKey as for {@link #rsa256}
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException as {@link #rsa256} does
     */
    public static VerificationKey rsa384(PublicKey publicKey) {
        return of(JwsAlgorithm.RS384, publicKey);
    }

    /**
     * Creates a key for RS512 (RSASSA-PKCS1-v1_5 with SHA-512).
     *
     * @param publicKey as for {@link #rsa256}
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException as {@link #rsa256} does
     */
    public static VerificationKey rsa512(PublicKey publicKey) {
        return of(JwsAlgorithm.RS512, publicKey);
    }

    /**
     * Creates a key for ES256 (ECDSA on the curve P-256 with SHA-256).
     *
     * @param publicKey a point on P-256
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException if the key is of another kind or on another curve (RFC 7518, section 3.4), or
     *     its point is not on the curve
     */
    public static VerificationKey ecdsa256(PublicKey publicKey) {
        return of(JwsAlgorithm.ES256, publicKey);
    }

    /**
     * Creates a key for ES384 (ECDSA on the curve P-384 with SHA-384).
     *
     * @param publicKey a point on P-384
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException as {@link #ecdsa256} does
     */
    public static VerificationKey ecdsa384(PublicKey publicKey) {
        return of(JwsAlgorithm.ES384, publicKey);
    }

    /**
     * Creates a key for ES512 (ECDSA on the curve P-521 with SHA-512).
     *
     * @param publicKey a point on P-521
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException as {@link #ecdsa256} does
     */
    public static VerificationKey ecdsa512(PublicKey publicKey) {
        return of(JwsAlgorithm.ES512, publicKey);
    }

    /**
     * Returns a signing key whose private key stays where it is: in a key service (KMS) or a hardware module. For each
     * access token the service calls the function before it stores anything, on the thread of {@code issue},
     * {@code refresh}, {@code reauthenticate} or {@code adopt}. An exception of the function reaches their caller. The
     * service verifies each returned signature with this key. So a wrong key or a wrong algorithm issues no token, and
     * throws {@link IllegalStateException}.
     *
     * @param signer signs the given bytes, which are not hashed yet, and returns the signature. For ECDSA the signature
     *     is either in DER, as {@code java.security.Signature} and most key services return it, or in the form of RFC
     *     7518, section 3.4. Thread-safe
     * @return the key that signs, with the same key id
     * @throws IllegalStateException if this is an HMAC key, which has no public key
     */
    public SigningKey signedBy(UnaryOperator<byte[]> signer) {
        requireNonNull(signer, "signer");
        if (publicKey == null) {
            throw new IllegalStateException(
                    "signedBy needs a public key to verify signatures, but this is an HMAC key");
        }
        return new SigningKey(this, new RemoteAlgorithm(algorithm, signer));
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
