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
 * The key that verifies tokens, with the one algorithm it may be used for and the key id that tokens name it by.
 * Immutable and thread-safe. Made from a public key, it cannot sign; that of an HMAC key
 * ({@link SigningKey#verificationKey()}) holds the secret, because there verifying and signing are the same.
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
     * A key for RS256 (RSASSA-PKCS1-v1_5 with SHA-256).
     *
     * @param publicKey an RSA key of at least 2048 bits
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException if it is another kind of key, shorter (RFC 7518, section 3.3), or its exponent
     *     is even, below 65537 or over 256 bits (FIPS 186-5)
     */
    public static VerificationKey rsa256(PublicKey publicKey) {
        return of(JwsAlgorithm.RS256, publicKey);
    }

    /**
     * A key for RS384 (RSASSA-PKCS1-v1_5 with SHA-384).
     *
     * @param publicKey as for {@link #rsa256}
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException as by {@link #rsa256}
     */
    public static VerificationKey rsa384(PublicKey publicKey) {
        return of(JwsAlgorithm.RS384, publicKey);
    }

    /**
     * A key for RS512 (RSASSA-PKCS1-v1_5 with SHA-512).
     *
     * @param publicKey as for {@link #rsa256}
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException as by {@link #rsa256}
     */
    public static VerificationKey rsa512(PublicKey publicKey) {
        return of(JwsAlgorithm.RS512, publicKey);
    }

    /**
     * A key for ES256 (ECDSA on the curve P-256 with SHA-256).
     *
     * @param publicKey a point on P-256
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException if it is another kind of key, or on another curve (RFC 7518, section 3.4), or on
     *     none
     */
    public static VerificationKey ecdsa256(PublicKey publicKey) {
        return of(JwsAlgorithm.ES256, publicKey);
    }

    /**
     * A key for ES384 (ECDSA on the curve P-384 with SHA-384).
     *
     * @param publicKey a point on P-384
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException as by {@link #ecdsa256}
     */
    public static VerificationKey ecdsa384(PublicKey publicKey) {
        return of(JwsAlgorithm.ES384, publicKey);
    }

    /**
     * A key for ES512 (ECDSA on the curve P-521 with SHA-512).
     *
     * @param publicKey a point on P-521
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException as by {@link #ecdsa256}
     */
    public static VerificationKey ecdsa512(PublicKey publicKey) {
        return of(JwsAlgorithm.ES512, publicKey);
    }

    /**
     * The key that signs where the private key is: in a key service (KMS) or a hardware module. Each access token calls
     * the function, on the thread of {@code issue}, {@code refresh}, {@code reauthenticate} or {@code adopt} and before
     * anything is stored; what it throws reaches their caller. What it returns is verified with this key, so that a
     * wrong key or a wrong algorithm there issues no token, but throws {@link IllegalStateException}.
     *
     * @param signer from the bytes to sign, unhashed, to their signature: for RSA as it is; for ECDSA either in DER, as
     *     {@code java.security.Signature} and most key services give it, or as RFC 7518, section 3.4 has it.
     *     Thread-safe
     * @return the key that signs, under the same key id
     * @throws IllegalStateException if this is an HMAC key, which is not made for it
     */
    public SigningKey signedBy(UnaryOperator<byte[]> signer) {
        requireNonNull(signer, "signer");
        if (publicKey == null) {
            throw new IllegalStateException("signedBy needs a public key to verify with, this is an HMAC key");
        }
        return new SigningKey(this, new RemoteAlgorithm(algorithm, signer));
    }

    /**
     * The same key under another key id.
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
     * The same key without a key id, for tokens that carry none, such as those of an application that did not know key
     * ids.
     *
     * @return a new key
     */
    public VerificationKey withoutKeyId() {
        return new VerificationKey(algorithm, thumbprint, null, publicKey);
    }

    /**
     * How tokens name this key: their {@code kid}.
     *
     * @return the key id, or null if it has none
     */
    public @Nullable String keyId() {
        return keyId;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /** The same for the same key material, whatever the algorithm and the key id. */
    String thumbprint() {
        return thumbprint;
    }

    /** Whether it verifies the same tokens, but for their key id. */
    boolean isSame(VerificationKey other) {
        return thumbprint.equals(other.thumbprint) && algorithm.getName().equals(other.algorithm.getName());
    }

    /** Null for HMAC. */
    @Nullable
    PublicKey publicKey() {
        return publicKey;
    }

    /** What the header of its tokens is, and nothing else. */
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
