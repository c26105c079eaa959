package io.github.sessionaware;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key for each of the nine algorithms, and other keys for an attacker. All are generated once. */
final class TestKeys {
    static final KeyPair RSA = rsa(2048);
    static final KeyPair OTHER_RSA = rsa(2048);
    static final KeyPair THIRD_RSA = rsa(2048);
    static final KeyPair FOURTH_RSA = rsa(2048);
    static final KeyPair P256 = ec("secp256r1");
    static final KeyPair OTHER_P256 = ec("secp256r1");
    static final KeyPair P384 = ec("secp384r1");
    static final KeyPair OTHER_P384 = ec("secp384r1");
    static final KeyPair P521 = ec("secp521r1");
    static final KeyPair OTHER_P521 = ec("secp521r1");

    private static final List<Signer> SIGNERS = List.of(
            hmac("256", secret(64)),
            hmac("384", secret(64)),
            hmac("512", secret(64)),
            rsa("256", RSA),
            rsa("384", RSA),
            rsa("512", RSA),
            ecdsa("256", P256),
            ecdsa("384", P384),
            ecdsa("512", P521));
    private static final List<Signer> STRANGERS = List.of(
            hmac("256", secret(65)),
            hmac("384", secret(66)),
            hmac("512", secret(67)),
            rsa("256", OTHER_RSA),
            rsa("384", THIRD_RSA),
            rsa("512", FOURTH_RSA),
            ecdsa("256", OTHER_P256),
            ecdsa("384", OTHER_P384),
            ecdsa("512", OTHER_P521));

    private TestKeys() {}

    /** A key of this library, the same key as JCA has it, and a signer outside of this library. */
    record Signer(SigningKey key, Key jcaKey, RawSigner raw) {
        String algorithm() {
            return key.algorithm().getName();
        }

        boolean isSymmetric() {
            return jcaKey instanceof SecretKey;
        }

        /** Returns the secret of an HMAC key. Other keys have none, so this returns one that no key uses. */
        byte[] secret() {
            return isSymmetric() ? jcaKey.getEncoded() : TestKeys.secret(99);
        }

        /** Not for HMAC. */
        PrivateKey privateKey() {
            return (PrivateKey) jcaKey;
        }

        @Override
        public String toString() {
            return algorithm();
        }
    }

    /** One for each algorithm. */
    static Stream<Signer> signers() {
        return SIGNERS.stream();
    }

    /** One for each algorithm. {@link #signers} has none of their keys, and no two have the same key. */
    static List<Signer> strangers() {
        return STRANGERS;
    }

    static Signer hmac(String bits, byte[] secret) {
        String mac = "HmacSHA" + bits;
        SigningKey key = switch (bits) {
            case "256" -> SigningKey.hmac256(secret);
            case "384" -> SigningKey.of(JwsAlgorithm.HS384, secret);
            default -> SigningKey.of(JwsAlgorithm.HS512, secret);
        };
        return new Signer(
                key.withKeyId("secret-" + bits + "-" + secret.length),
                new SecretKeySpec(secret, mac),
                RawSigner.mac(mac, secret));
    }

    private static Signer rsa(String bits, KeyPair keyPair) {
        SigningKey key = switch (bits) {
            case "256" -> SigningKey.of(JwsAlgorithm.RS256, keyPair);
            case "384" -> SigningKey.of(JwsAlgorithm.RS384, keyPair);
            default -> SigningKey.of(JwsAlgorithm.RS512, keyPair);
        };
        return new Signer(
                key, keyPair.getPrivate(), RawSigner.signature("SHA" + bits + "withRSA", keyPair.getPrivate()));
    }

    private static Signer ecdsa(String bits, KeyPair keyPair) {
        SigningKey key = switch (bits) {
            case "256" -> SigningKey.of(JwsAlgorithm.ES256, keyPair);
            case "384" -> SigningKey.of(JwsAlgorithm.ES384, keyPair);
            default -> SigningKey.of(JwsAlgorithm.ES512, keyPair);
        };
        return new Signer(
                key,
                keyPair.getPrivate(),
                RawSigner.signature("SHA" + bits + "withECDSAinP1363Format", keyPair.getPrivate()));
    }

    static byte[] secret(int bytes) {
        byte[] secret = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            secret[i] = (byte) (i + bytes);
        }
        return secret;
    }

    static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
