package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTCreationException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens with the one algorithm that it may be used for, and holds the key that verifies them. Immutable and
 * thread-safe. It never reveals its secret.
 *
 * <p>The secret of an HMAC key must come from a random generator, not from a person: {@code openssl rand 32}. Anyone
 * who holds it can issue tokens for any user, but cannot create sessions: a forged token still needs the id of a live
 * session, unless {@link SessionAwareTokenServiceBuilder#acceptTokensWithoutSessionUntil} accepts tokens without one.
 * RSA and elliptic curve keys are made from key pairs of the JDK. {@link KeySource} reads those from PEM and key
 * stores, and {@link VerificationKey#signedBy} leaves the private key in a key service.
 *
 * <p>An RSA or elliptic curve key has its thumbprint (RFC 7638) as key id, wherever it is loaded. A secret has no key
 * id until {@link #withKeyId} gives it one. The library derives no key id from a secret, because everybody can read a
 * key id: one table of hashes would find the weak secrets of all deployments, and show which deployments share one.
 */
public final class SigningKey {
    private final VerificationKey verificationKey;
    private final Algorithm algorithm;

    SigningKey(VerificationKey verificationKey, Algorithm algorithm) {
        this.verificationKey = verificationKey;
        this.algorithm = algorithm;
    }

    /**
     * Creates a key for HS256 (HMAC with SHA-256).
     *
     * @param secret at least 32 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException if the secret is shorter than the hash (RFC 7518, section 3.2), has fewer than 5
     *     different bytes, is a shorter text repeated, ends with four or more zero bytes, is the content of a key file
     *     (PEM, DER, OpenSSH or a JSON Web Key), or is an example secret that standards and tutorials print
     */
    public static SigningKey hmac256(byte[] secret) {
        return hmac(JwsAlgorithm.HS256, secret);
    }

    /**
     * Creates a key for HS384 (HMAC with SHA-384).
     *
     * @param secret at least 48 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException as {@link #hmac256} does
     */
    public static SigningKey hmac384(byte[] secret) {
        return hmac(JwsAlgorithm.HS384, secret);
    }

    /**
     * Creates a key for HS512 (HMAC with SHA-512).
     *
     * @param secret at least 64 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException as {@link #hmac256} does
     */
    public static SigningKey hmac512(byte[] secret) {
        return hmac(JwsAlgorithm.HS512, secret);
    }

    /**
     * Creates a key for RS256 (RSASSA-PKCS1-v1_5 with SHA-256).
     *
     * @param keyPair an RSA key of at least 2048 bits
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException if {@link VerificationKey#rsa256} refuses the public key, the private key is of
     *     another kind, or the two do not belong together
     */
    public static SigningKey rsa256(KeyPair keyPair) {
        return of(JwsAlgorithm.RS256, keyPair);
    }

    /**
     * Creates a key for RS384 (RSASSA-PKCS1-v1_5 with SHA-384).
     *
     * @param keyPair as for {@link #rsa256}
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException as {@link #rsa256} does
     */
    public static SigningKey rsa384(KeyPair keyPair) {
        return of(JwsAlgorithm.RS384, keyPair);
    }

    /**
     * Creates a key for RS512 (RSASSA-PKCS1-v1_5 with SHA-512).
     *
     * @param keyPair as for {@link #rsa256}
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException as {@link #rsa256} does
     */
    public static SigningKey rsa512(KeyPair keyPair) {
        return of(JwsAlgorithm.RS512, keyPair);
    }

    /**
     * Creates a key for ES256 (ECDSA on the curve P-256 with SHA-256).
     *
     * @param keyPair a key on P-256
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException if {@link VerificationKey#ecdsa256} refuses the public key, the private key is
     *     of another kind, or the two do not belong together
     */
    public static SigningKey ecdsa256(KeyPair keyPair) {
        return of(JwsAlgorithm.ES256, keyPair);
    }

    /**
     * Creates a key for ES384 (ECDSA on the curve P-384 with SHA-384).
     *
     * @param keyPair a key on P-384
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException as {@link #ecdsa256} does
     */
    public static SigningKey ecdsa384(KeyPair keyPair) {
        return of(JwsAlgorithm.ES384, keyPair);
    }

    /**
     * Creates a key for ES512 (ECDSA on the curve P-521 with SHA-512).
     *
     * @param keyPair a key on P-521
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException as {@link #ecdsa256} does
     */
    public static SigningKey ecdsa512(KeyPair keyPair) {
        return of(JwsAlgorithm.ES512, keyPair);
    }

    /**
     * Returns the same key with another key id. Tokens then carry this id as {@code kid}, and must carry it to be
     * accepted.
     *
     * @param keyId 1 to 128 printable ASCII characters, without spaces
     * @return a new key
     * @throws IllegalArgumentException if the key id has another form
     */
    public SigningKey withKeyId(String keyId) {
        return new SigningKey(verificationKey.withKeyId(keyId), algorithm);
    }

    /**
     * Returns the same key without a key id. Its tokens carry no {@code kid}, and it verifies only tokens without one.
     *
     * @return a new key
     */
    public SigningKey withoutKeyId() {
        return new SigningKey(verificationKey.withoutKeyId(), algorithm);
    }

    /**
     * Returns the key that verifies what this key signs, with the same key id. For RSA and elliptic curves the returned
     * key cannot sign, so it can be given to other services.
     *
     * @return the verification key
     */
    public VerificationKey verificationKey() {
        return verificationKey;
    }

    /**
     * Returns the key id, by which tokens name this key: their {@code kid}.
     *
     * @return the key id, or null if the key has none
     */
    public @Nullable String keyId() {
        return verificationKey.keyId();
    }

    private static SigningKey hmac(JwsAlgorithm jws, byte[] secret) {
        Algorithm algorithm = jws.withSecret(secret);
        return new SigningKey(VerificationKey.secret(algorithm, Secrets.thumbprint(secret)), algorithm);
    }

    private static SigningKey of(JwsAlgorithm jws, KeyPair keyPair) {
        requireNonNull(keyPair, "keyPair");
        VerificationKey verificationKey =
                VerificationKey.of(jws, requireNonNull(keyPair.getPublic(), "keyPair.public"));
        PrivateKey privateKey = requireNonNull(keyPair.getPrivate(), "keyPair.private");
        Algorithm algorithm = jws.withKeys(keyPair.getPublic(), privateKey);
        // This check comes before the first signature, because signing with primes that are far too large takes
        // minutes.
        if (privateKey instanceof RSAPrivateCrtKey rsa
                && !rsa.getPrimeP().multiply(rsa.getPrimeQ()).equals(rsa.getModulus())) {
            throw new IllegalArgumentException("The product of the private key's primes is not its modulus");
        }
        requireMatchingKeys(algorithm, verificationKey.algorithm());
        return new SigningKey(verificationKey, algorithm);
    }

    /** Signs a token without claims, which no service accepts. */
    private static void requireMatchingKeys(Algorithm signer, Algorithm verifier) {
        try {
            verifier.verify(JWT.decode(JWT.create().sign(signer)));
        } catch (JWTCreationException | JWTVerificationException e) {
            throw new IllegalArgumentException("The public key does not belong to the private key");
        }
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /** Returns the algorithm and the key id, without the secret. */
    @Override
    public String toString() {
        return "SigningKey[algorithm=" + algorithm.getName() + ", keyId=" + keyId() + "]";
    }
}
