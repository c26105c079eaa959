package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Secrets that applications give as bytes: which are refused, and what is derived from them. */
final class Secrets {
    private static final String HMAC = "HmacSHA256";

    /** So many at the end are no accident. */
    private static final int MAX_ZEROS = 4;

    private Secrets() {}

    /** Returns a copy. */
    static byte[] requireStrong(byte[] secret, int minBytes) {
        byte[] own = requireNonNull(secret, "secret").clone();
        if (own.length < minBytes) {
            throw refusal(
                    "at least " + minBytes + " random bytes (RFC 7518, section 3.2), was " + own.length, minBytes);
        }
        if (Arrays.equals(own, 1, own.length, own, 0, own.length - 1)) {
            throw refusal("random bytes, was one byte repeated", minBytes);
        }
        if (own.length - withoutPadding(own).length >= MAX_ZEROS) {
            throw refusal("random bytes, was filled up with zeros, which add nothing", minBytes);
        }
        if (isKeyFile(own)) {
            throw refusal("random bytes, was a key's file, which others may have (RFC 8725, section 2.1)", minBytes);
        }
        if (ExampleSecrets.contain(own)) {
            throw refusal("random bytes, was an example that tutorials print", minBytes);
        }
        return own;
    }

    private static IllegalArgumentException refusal(String rule, int minBytes) {
        return new IllegalArgumentException("secret must be " + rule + "; make one with: openssl rand " + minBytes);
    }

    /** HMAC fills up with zeros itself (RFC 2104), so that with them or without them it is the same key. */
    static byte[] withoutPadding(byte[] secret) {
        int length = secret.length;
        while (length > 0 && secret[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(secret, length);
    }

    /** A key or certificate in PEM, DER, base64 of DER, OpenSSH's form or a JSON Web Key: public, or lying about. */
    private static boolean isKeyFile(byte[] secret) {
        // Without the zeros that UTF-16 has.
        String text = new String(secret, StandardCharsets.ISO_8859_1)
                .replace("\0", "")
                .strip();
        return text.contains("-- BEGIN ")
                || text.contains("--BEGIN ")
                || text.startsWith("ssh-")
                || text.startsWith("ecdsa-sha2-")
                || text.startsWith("sk-")
                || text.contains("\"kty\"")
                || isDer(secret)
                || isDer(decoded(text));
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** No key and no certificate is as short as a secret, of which one in thousands would begin like DER. */
    private static boolean isDer(byte[] secret) {
        return secret.length > 64 && Der.isSequence(secret);
    }

    /** The same for equal secrets. It stays inside the library, because it would show equal and weak secrets. */
    static String thumbprint(byte[] secret) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(derive(withoutPadding(secret), "thumbprint of session-aware-jwt"));
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
