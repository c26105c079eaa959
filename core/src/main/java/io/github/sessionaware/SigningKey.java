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
 * The key that signs tokens, with the one algorithm it may be used for, and the key that verifies them. Immutable and
 * thread-safe; never shows its secret.
 *
 * <p>The secret of an HMAC key must come from a random generator, not from a person: {@code openssl rand 32}. Whoever
 * holds it can issue tokens for anybody, though not sessions: a forged token still needs the id of a live session,
 * unless {@link SessionAwareTokenServiceBuilder#acceptTokensWithoutSessionUntil} lets tokens without one pass. Other
 * keys come from JCA's own types; {@link KeySource} reads them from PEM and key stores, and
 * {@link VerificationKey#signedBy} leaves them in a key service.
 *
 * <p>An RSA or elliptic curve key has its thumbprint (RFC 7638) as key id, wherever it is loaded. A secret has no key
 * id until {@link #withKeyId} gives it one. The library derives none from the secret, because everybody can read a key
 * id: one table of hashes would find weak secrets of all deployments, and equal secrets would show as equal.
 */
public final class SigningKey {
    private final VerificationKey verificationKey;
    private final Algorithm algorithm;

    SigningKey(VerificationKey verificationKey, Algorithm algorithm) {
        this.verificationKey = verificationKey;
        this.algorithm = algorithm;
    }

    /**
     * A key for HS256 (HMAC with SHA-256).
     *
     * @param secret at least 32 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException if the secret is shorter than the hash (RFC 7518, section 3.2), one byte
     *     repeated, filled up with zeros, a key's file (PEM, DER, OpenSSH's or a JSON Web Key), or an example secret
     *     that standards and tutorials print
     */
    public static SigningKey hmac256(byte[] secret) {
        return hmac(JwsAlgorithm.HS256, secret);
    }

    /**
     * A key for HS384 (HMAC with SHA-384).
     *
     * @param secret at least 48 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException as by {@link #hmac256}
     */
    public static SigningKey hmac384(byte[] secret) {
        return hmac(JwsAlgorithm.HS384, secret);
    }

    /**
     * A key for HS512 (HMAC with SHA-512).
     *
     * @param secret at least 64 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException as by {@link #hmac256}
     */
    public static SigningKey hmac512(byte[] secret) {
        return hmac(JwsAlgorithm.HS512, secret);
    }

    /**
     * A key for RS256 (RSASSA-PKCS1-v1_5 with SHA-256).
     *
     * @param keyPair an RSA key of at least 2048 bits
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException if the public key is refused by {@link VerificationKey#rsa256}, the private key
     *     is of another kind, or they do not belong together
     */
    public static SigningKey rsa256(KeyPair keyPair) {
        return of(JwsAlgorithm.RS256, keyPair);
    }

    /**
     * A key for RS384 (RSASSA-PKCS1-v1_5 with SHA-384).
     *
     * @param keyPair as for {@link #rsa256}
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException as by {@link #rsa256}
     */
    public static SigningKey rsa384(KeyPair keyPair) {
        return of(JwsAlgorithm.RS384, keyPair);
    }

    /**
     * A key for RS512 (RSASSA-PKCS1-v1_5 with SHA-512).
     *
     * @param keyPair as for {@link #rsa256}
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException as by {@link #rsa256}
     */
    public static SigningKey rsa512(KeyPair keyPair) {
        return of(JwsAlgorithm.RS512, keyPair);
    }

    /**
     * A key for ES256 (ECDSA on the curve P-256 with SHA-256).
     *
     * @param keyPair a key on P-256
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException if the public key is refused by {@link VerificationKey#ecdsa256}, the private
     *     key is of another kind, or they do not belong together
     */
    public static SigningKey ecdsa256(KeyPair keyPair) {
        return of(JwsAlgorithm.ES256, keyPair);
    }

    /**
     * A key for ES384 (ECDSA on the curve P-384 with SHA-384).
     *
     * @param keyPair a key on P-384
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException as by {@link #ecdsa256}
     */
    public static SigningKey ecdsa384(KeyPair keyPair) {
        return of(JwsAlgorithm.ES384, keyPair);
    }

    /**
     * A key for ES512 (ECDSA on the curve P-521 with SHA-512).
     *
     * @param keyPair a key on P-521
     * @return the key, under its thumbprint
     * @throws IllegalArgumentException as by {@link #ecdsa256}
     */
    public static SigningKey ecdsa512(KeyPair keyPair) {
        return of(JwsAlgorithm.ES512, keyPair);
    }

    /**
     * The same key under another key id, which tokens then carry as {@code kid} and must carry to be accepted.
     *
     * @param keyId 1 to 128 printable ASCII characters, without spaces
     * @return a new key
     * @throws IllegalArgumentException if the key id has another form
     */
    public SigningKey withKeyId(String keyId) {
        return new SigningKey(verificationKey.withKeyId(keyId), algorithm);
    }

    /**
     * The same key without a key id: its tokens carry none, and only tokens that carry none are its own.
     *
     * @return a new key
     */
    public SigningKey withoutKeyId() {
        return new SigningKey(verificationKey.withoutKeyId(), algorithm);
    }

    /**
     * The key that verifies what this one signs, under the same key id. For RSA and elliptic curves it cannot sign, and
     * is what other services may have.
     *
     * @return the key
     */
    public VerificationKey verificationKey() {
        return verificationKey;
    }

    /**
     * How tokens name this key: their {@code kid}.
     *
     * @return the key id, or null if it has none
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
        // To sign with primes that are far too large would take minutes.
        if (privateKey instanceof RSAPrivateCrtKey rsa
                && !rsa.getPrimeP().multiply(rsa.getPrimeQ()).equals(rsa.getModulus())) {
            throw new IllegalArgumentException("The private key's primes do not make its modulus");
        }
        requireTogether(algorithm, verificationKey.algorithm());
        return new SigningKey(verificationKey, algorithm);
    }

    /** Without claims nobody takes it for a token. */
    private static void requireTogether(Algorithm signer, Algorithm verifier) {
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
