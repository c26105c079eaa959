package io.github.sessionaware;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.stream.Stream;

/** One key for each of the nine algorithms, and others for an attacker. */
final class TestKeys {
    static final KeyPair RSA = rsa(2048);
    static final KeyPair OTHER_RSA = rsa(2048);
    static final KeyPair P256 = ec("secp256r1");
    static final KeyPair OTHER_P256 = ec("secp256r1");
    static final KeyPair P384 = ec("secp384r1");
    static final KeyPair P521 = ec("secp521r1");

    private TestKeys() {}

    /** A key, and what signs with it outside of this library. */
    record Signer(SigningKey key, RawSigner raw) {
        String algorithm() {
            return key.algorithm().getName();
        }

        boolean isSymmetric() {
            return key.verificationKey().publicKey() == null;
        }

        /** Not for HMAC. */
        PrivateKey privateKey() {
            return switch (algorithm()) {
                case "ES256" -> P256.getPrivate();
                case "ES384" -> P384.getPrivate();
                case "ES512" -> P521.getPrivate();
                default -> RSA.getPrivate();
            };
        }

        @Override
        public String toString() {
            return algorithm();
        }
    }

    static Stream<Signer> signers() {
        return Stream.of(
                new Signer(SigningKey.hmac256(secret(64)), RawSigner.mac("HmacSHA256", secret(64))),
                new Signer(SigningKey.hmac384(secret(64)), RawSigner.mac("HmacSHA384", secret(64))),
                new Signer(SigningKey.hmac512(secret(64)), RawSigner.mac("HmacSHA512", secret(64))),
                new Signer(SigningKey.rsa256(RSA), RawSigner.signature("SHA256withRSA", RSA.getPrivate())),
                new Signer(SigningKey.rsa384(RSA), RawSigner.signature("SHA384withRSA", RSA.getPrivate())),
                new Signer(SigningKey.rsa512(RSA), RawSigner.signature("SHA512withRSA", RSA.getPrivate())),
                new Signer(
                        SigningKey.ecdsa256(P256),
                        RawSigner.signature("SHA256withECDSAinP1363Format", P256.getPrivate())),
                new Signer(
                        SigningKey.ecdsa384(P384),
                        RawSigner.signature("SHA384withECDSAinP1363Format", P384.getPrivate())),
                new Signer(
                        SigningKey.ecdsa512(P521),
                        RawSigner.signature("SHA512withECDSAinP1363Format", P521.getPrivate())));
    }

    static List<SigningKey> all() {
        return signers().map(Signer::key).toList();
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
