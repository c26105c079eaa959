package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Secrets that applications give as bytes: which are refused, and what is derived from them. */
final class Secrets {
    private static final String HMAC = "HmacSHA256";

    private Secrets() {}

    /** Returns a copy. */
    static byte[] requireStrong(byte[] secret, int minBytes) {
        byte[] own = requireNonNull(secret, "secret").clone();
        if (own.length < minBytes) {
            throw new IllegalArgumentException("secret must be at least " + minBytes
                    + " random bytes (RFC 7518, section 3.2), was " + own.length + "; make one with: openssl rand "
                    + minBytes);
        }
        if (isPublic(own)) {
            throw new IllegalArgumentException("secret must be random bytes, was a key's file, which others may have"
                    + " (RFC 8725, section 2.1); make one with: openssl rand " + minBytes);
        }
        for (byte each : own) {
            if (each != own[0]) {
                return own;
            }
        }
        throw new IllegalArgumentException(
                "secret must be random bytes, was one byte repeated; make one with: openssl rand " + minBytes);
    }

    /** PEM, OpenSSH's form, a JSON Web Key, or a public key in DER. */
    private static boolean isPublic(byte[] secret) {
        String text = new String(secret, StandardCharsets.ISO_8859_1).strip();
        return text.startsWith("-----BEGIN ")
                || text.startsWith("ssh-")
                || text.contains("\"kty\"")
                || Der.isSequenceOf(secret, Der.SEQUENCE, Der.BIT_STRING);
    }

    /** Tells nothing of the secret. The purpose has a space, so no token that the secret signs has this signature. */
    static byte[] derive(byte[] secret, String purpose) {
        return hmac(new SecretKeySpec(secret, HMAC), purpose);
    }

    static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + HMAC, e);
        }
    }

    static SecretKeySpec hmacKey(byte[] secret, String purpose) {
        return new SecretKeySpec(derive(secret, purpose), HMAC);
    }
}
