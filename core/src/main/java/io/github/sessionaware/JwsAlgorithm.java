package io.github.sessionaware;

import com.auth0.jwt.algorithms.Algorithm;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;

/** The algorithms of RFC 7518, section 3.1, that sign tokens. Each fits one kind of key. */
public enum JwsAlgorithm {
    /** HMAC with SHA-256, and a secret of at least 32 bytes. */
    HS256(32),
    /** HMAC with SHA-384, and a secret of at least 48 bytes. */
    HS384(48),
    /** HMAC with SHA-512, and a secret of at least 64 bytes. */
    HS512(64),
    /** RSASSA-PKCS1-v1_5 with SHA-256, and an RSA key of at least 2048 bits. */
    RS256,
    /** RSASSA-PKCS1-v1_5 with SHA-384, and an RSA key of at least 2048 bits. */
    RS384,
    /** RSASSA-PKCS1-v1_5 with SHA-512, and an RSA key of at least 2048 bits. */
    RS512,
    /** ECDSA with SHA-256, and a key on the curve P-256. */
    ES256(Curve.P256),
    /** ECDSA with SHA-384, and a key on the curve P-384. */
    ES384(Curve.P384),
    /** ECDSA with SHA-512, and a key on the curve P-521. */
    ES512(Curve.P521);

    private static final int MIN_RSA_BITS = 2048;

    /** Practically every key has this exponent. With a smaller one, above all with 1, signatures can be forged. */
    private static final BigInteger MIN_RSA_EXPONENT = BigInteger.valueOf(65_537);

    private final int hashBytes;
    private final @Nullable Curve curve;

    JwsAlgorithm() {
        this(0, null);
    }

    JwsAlgorithm(int hashBytes) {
        this(hashBytes, null);
    }

    JwsAlgorithm(Curve curve) {
        this(0, curve);
    }

    JwsAlgorithm(int hashBytes, @Nullable Curve curve) {
        this.hashBytes = hashBytes;
        this.curve = curve;
    }

    Algorithm withSecret(byte[] secret) {
        if (hashBytes == 0) {
            throw new IllegalArgumentException(this + " needs a key pair, not a secret");
        }
        byte[] own = Secrets.requireStrong(secret, hashBytes);
        return switch (this) {
            case HS256 -> Algorithm.HMAC256(own);
            case HS384 -> Algorithm.HMAC384(own);
            case HS512 -> Algorithm.HMAC512(own);
            default -> throw new IllegalStateException(this + " has no secret");
        };
    }

    Algorithm withKeys(PublicKey publicKey, @Nullable PrivateKey privateKey) {
        if (hashBytes > 0) {
            throw new IllegalArgumentException(this + " needs a secret, not a public key");
        }
        return curve == null
                ? rsa(requireRsa(publicKey), requirePrivate(privateKey, RSAPrivateKey.class))
                : ecdsa(requireOnCurve(publicKey, curve), requirePrivate(privateKey, ECPrivateKey.class));
    }

    /**
     * Returns the length of each of the two numbers in an ECDSA signature (RFC 7518, section 3.4); 0 for other
     * algorithms.
     */
    int coordinateBytes() {
        return curve == null ? 0 : curve.coordinateBytes();
    }

    private Algorithm rsa(RSAPublicKey publicKey, @Nullable RSAPrivateKey privateKey) {
        return switch (this) {
            case RS256 -> Algorithm.RSA256(publicKey, privateKey);
            case RS384 -> Algorithm.RSA384(publicKey, privateKey);
            case RS512 -> Algorithm.RSA512(publicKey, privateKey);
            default -> throw new IllegalStateException(this + " has no RSA key");
        };
    }

    private Algorithm ecdsa(ECPublicKey publicKey, @Nullable ECPrivateKey privateKey) {
        return switch (this) {
            case ES256 -> Algorithm.ECDSA256(publicKey, privateKey);
            case ES384 -> Algorithm.ECDSA384(publicKey, privateKey);
            case ES512 -> Algorithm.ECDSA512(publicKey, privateKey);
            default -> throw new IllegalStateException(this + " has no elliptic curve");
        };
    }

    private RSAPublicKey requireRsa(PublicKey key) {
        if (!(key instanceof RSAPublicKey rsa) || !key.getAlgorithm().equals("RSA")) {
            throw new IllegalArgumentException(this + " needs an RSA public key, was " + key.getAlgorithm());
        }
        if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new IllegalArgumentException(this + " needs an RSA key of at least " + MIN_RSA_BITS
                    + " bits (RFC 7518, section 3.3), was "
                    + rsa.getModulus().bitLength());
        }
        if (!rsa.getModulus().testBit(0)) {
            throw new IllegalArgumentException(
                    this + " needs an RSA key whose modulus is odd, as a product of primes is");
        }
        BigInteger exponent = rsa.getPublicExponent();
        if (!exponent.testBit(0) || exponent.compareTo(MIN_RSA_EXPONENT) < 0 || exponent.bitLength() > 256) {
            throw new IllegalArgumentException(this + " needs an RSA key whose public exponent is odd, at least "
                    + MIN_RSA_EXPONENT + " and under 2^256 (FIPS 186-5, appendix A.1.1), was "
                    + (exponent.bitLength() > 256 ? "of " + exponent.bitLength() + " bits" : exponent));
        }
        return rsa;
    }

    private ECPublicKey requireOnCurve(PublicKey key, Curve needed) {
        if (!(key instanceof ECPublicKey ec)) {
            throw new IllegalArgumentException(this + " needs an elliptic curve public key, was " + key.getAlgorithm());
        }
        if (!needed.holds(ec)) {
            throw new IllegalArgumentException(this + " needs a key on the curve " + needed.standardName()
                    + " (RFC 7518, section 3.4), was on "
                    + Curve.find(ec).map(Curve::standardName).orElse("none of P-256, P-384 and P-521"));
        }
        return ec;
    }

    private <T> @Nullable T requirePrivate(@Nullable PrivateKey key, Class<T> type) {
        if (key != null && !type.isInstance(key)) {
            String needed = curve == null ? "RSA" : "EC";
            throw new IllegalArgumentException(
                    key.getAlgorithm().equals(needed)
                            ? this + " needs a private key in memory; for one in an HSM or a key service use"
                                    + " SigningKey.remote"
                            : this + " needs a private key of the algorithm " + needed + ", was " + key.getAlgorithm());
        }
        return type.cast(key);
    }
}
