package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTCreationException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens with the one algorithm that it may be used for, and holds the key that verifies them. Immutable and
 * thread-safe. It never reveals its secret.
 *
 * <p>The secret of an HMAC key must come from a random generator, not from a person: {@code openssl rand 32}. Anyone
 * who holds it can issue tokens for any user, but cannot create sessions: a forged token still needs the id of a live
 * session, unless {@link SessionAwareTokenServiceBuilder#acceptStatelessTokensUntil} accepts tokens without one. RSA
 * and elliptic curve keys are made from key pairs of the JDK. {@link KeySource} reads those from PEM and key stores,
 * and {@link #remote} leaves the private key in a key service.
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
     * Creates an HMAC key for {@code HS256}, the usual choice if one application issues and validates.
     *
     * @param secret at least 32 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException if the secret is shorter than the hash (RFC 7518, section 3.2), has fewer than 5
     *     different bytes, is a shorter text repeated, ends with four or more zero bytes, is the content of a key file
     *     (PEM, DER, OpenSSH or a JSON Web Key), or is an example secret that standards and tutorials print
     */
    public static SigningKey hmac256(byte[] secret) {
        return of(JwsAlgorithm.HS256, secret);
    }

    /**
     * Creates an HMAC key for a given algorithm.
     *
     * @param algorithm {@code HS256}, {@code HS384} or {@code HS512}
     * @param secret at least as many random bytes as the hash has: 32, 48 or 64; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException if the algorithm uses no secret, or as {@link #hmac256} does
     */
    public static SigningKey of(JwsAlgorithm algorithm, byte[] secret) {
        Algorithm signer = requireNonNull(algorithm, "algorithm").withSecret(secret);
        return new SigningKey(VerificationKey.secret(signer, Secrets.thumbprint(secret)), signer);
    }

    /**
     * Creates an RSA or elliptic curve key for a given algorithm.
     *
     * @param algorithm one of {@code RS256} to {@code ES512}
     * @param keyPair an RSA key of at least 2048 bits, or a key on the algorithm's curve
     * @return the key, with its thumbprint as key id
     * @throws IllegalArgumentException if {@link VerificationKey#of} refuses the public key, the private key is of
     *     another kind, or the two do not belong together
     */
    public static SigningKey of(JwsAlgorithm algorithm, KeyPair keyPair) {
        requireNonNull(keyPair, "keyPair");
        VerificationKey verificationKey =
                VerificationKey.of(algorithm, requireNonNull(keyPair.getPublic(), "keyPair.public"));
        PrivateKey privateKey = requireNonNull(keyPair.getPrivate(), "keyPair.private");
        Algorithm signer = algorithm.withKeys(keyPair.getPublic(), privateKey);
        // This check comes before the first signature, because signing with primes that are far too large takes
        // minutes.
        if (privateKey instanceof RSAPrivateCrtKey rsa
                && !rsa.getPrimeP().multiply(rsa.getPrimeQ()).equals(rsa.getModulus())) {
            throw new IllegalArgumentException("The product of the private key's primes is not its modulus");
        }
        requireMatchingKeys(signer, verificationKey.algorithm());
        return new SigningKey(verificationKey, signer);
    }

    /**
     * Creates a key whose private key stays where it is: in a key service (KMS) or a hardware module. For each access
     * token the service calls the function before it stores anything, on the thread of {@code issue}, {@code refresh},
     * {@code reauthenticate} or {@code migrateStateless}. An exception of the function reaches their caller. The
     * service verifies each returned signature with the public key. So a wrong key or a wrong algorithm issues no
     * token, and throws {@link IllegalStateException}.
     *
     * @param verificationKey the public key
     * @param signer signs the given bytes, which are not hashed yet, and returns the signature. For ECDSA the signature
     *     is either in DER, as {@code java.security.Signature} and most key services return it, or in the form of RFC
     *     7518, section 3.4. Thread-safe
     * @return the key that signs, with the same key id
     * @throws IllegalArgumentException if the verification key is an HMAC key, which has no public key
     */
    public static SigningKey remote(VerificationKey verificationKey, UnaryOperator<byte[]> signer) {
        requireNonNull(signer, "signer");
        if (requireNonNull(verificationKey, "verificationKey").publicKey() == null) {
            throw new IllegalArgumentException(
                    "verificationKey must have a public key that verifies signatures, but is an HMAC key");
        }
        return new SigningKey(verificationKey, new RemoteAlgorithm(verificationKey.algorithm(), signer));
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
