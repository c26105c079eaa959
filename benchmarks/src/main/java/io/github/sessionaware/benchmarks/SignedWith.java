package io.github.sessionaware.benchmarks;

import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.JwsAlgorithm;
import io.github.sessionaware.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;

/** The algorithms. Each has one key that both java-jwt and this library use. */
public enum SignedWith {
    HS256,
    HS384,
    HS512,
    RS256,
    RS384,
    RS512,
    ES256,
    ES384,
    ES512;

    static final byte[] REFRESH_SECRET = "for refresh tokens of benchmarks".getBytes(StandardCharsets.US_ASCII);
    static final byte[] SECRET =
            "64 bytes, enough for each of the three hashes that HMAC goes with".getBytes(StandardCharsets.US_ASCII);

    /** As long as the thumbprints of the other keys, so that tokens differ only in their signatures. */
    private static final String KEY_ID = "key-id-of-the-same-length-as-a-thumbprint--";

    private static final KeyPair RSA = keyPair("RSA", "2048");
    private static final KeyPair P256 = keyPair("EC", "secp256r1");
    private static final KeyPair P384 = keyPair("EC", "secp384r1");
    private static final KeyPair P521 = keyPair("EC", "secp521r1");

    SigningKey signingKey() {
        JwsAlgorithm algorithm = JwsAlgorithm.valueOf(name());
        return switch (this) {
            case HS256, HS384, HS512 -> SigningKey.of(algorithm, SECRET).withKeyId(KEY_ID);
            case RS256, RS384, RS512 -> SigningKey.of(algorithm, RSA);
            case ES256 -> SigningKey.of(algorithm, P256);
            case ES384 -> SigningKey.of(algorithm, P384);
            case ES512 -> SigningKey.of(algorithm, P521);
        };
    }

    Algorithm javaJwt() {
        return switch (this) {
            case HS256 -> Algorithm.HMAC256(SECRET);
            case HS384 -> Algorithm.HMAC384(SECRET);
            case HS512 -> Algorithm.HMAC512(SECRET);
            case RS256 -> Algorithm.RSA256((RSAPublicKey) RSA.getPublic(), (RSAPrivateKey) RSA.getPrivate());
            case RS384 -> Algorithm.RSA384((RSAPublicKey) RSA.getPublic(), (RSAPrivateKey) RSA.getPrivate());
            case RS512 -> Algorithm.RSA512((RSAPublicKey) RSA.getPublic(), (RSAPrivateKey) RSA.getPrivate());
            case ES256 -> Algorithm.ECDSA256((ECPublicKey) P256.getPublic(), (ECPrivateKey) P256.getPrivate());
            case ES384 -> Algorithm.ECDSA384((ECPublicKey) P384.getPublic(), (ECPrivateKey) P384.getPrivate());
            case ES512 -> Algorithm.ECDSA512((ECPublicKey) P521.getPublic(), (ECPrivateKey) P521.getPrivate());
        };
    }

    private static KeyPair keyPair(String kind, String size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec(size));
            } else {
                generator.initialize(Integer.parseInt(size));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
