package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks secrets that applications pass as bytes, and derives keys from them. */
final class Secrets {
    private static final String HMAC = "HmacSHA256";

    /** Random bytes almost never end with this many zeros, so such a secret was padded. */
    private static final int MAX_ZEROS = 4;

    /** Random secrets almost never have fewer different bytes, not even 32 random decimal digits (2^-34). */
    private static final int MIN_DIFFERENT_BYTES = 5;

    private Secrets() {}

    /** Returns a copy. */
    static byte[] requireStrong(byte[] secret, int minBytes) {
        byte[] own = requireNonNull(secret, "secret").clone();
        if (own.length < minBytes) {
            throw refusal(
                    "at least " + minBytes + " random bytes (RFC 7518, section 3.2), was " + own.length, minBytes);
        }
        if (own.length - withoutPadding(own).length >= MAX_ZEROS) {
            throw refusal("random bytes, was padded with zeros, which add nothing", minBytes);
        }
        if (differentBytes(own) < MIN_DIFFERENT_BYTES) {
            throw refusal("random bytes, had fewer than " + MIN_DIFFERENT_BYTES + " different ones", minBytes);
        }
        if (isKeyFile(own)) {
            throw refusal("random bytes, was a key file, which others may have (RFC 8725, section 2.1)", minBytes);
        }
        if (ExampleSecrets.contain(own)) {
            throw refusal("random bytes, was an example that tutorials print", minBytes);
        }
        if (isRepeated(folded(own))) {
            throw refusal("random bytes, was a shorter text repeated", minBytes);
        }
        return own;
    }

    private static IllegalArgumentException refusal(String rule, int minBytes) {
        return new IllegalArgumentException("secret must be " + rule + "; make one with: openssl rand " + minBytes);
    }

    /**
     * Removes trailing zeros. HMAC itself appends zeros (RFC 2104), so a secret with and without them is the same key.
     */
    static byte[] withoutPadding(byte[] secret) {
        int length = secret.length;
        while (length > 0 && secret[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(secret, length);
    }

    private static long differentBytes(byte[] secret) {
        return new String(secret, StandardCharsets.ISO_8859_1)
                .chars()
                .distinct()
                .count();
    }

    /**
     * Returns the secret in lower case, without the spaces, quotes and zeros at its ends. A configuration file adds
     * them, and they do not make a known text unknown.
     */
    static String folded(byte[] secret) {
        return new String(secret, StandardCharsets.ISO_8859_1)
                .replaceAll("^[\\s\"']+|[\\s\"'\0]+$", "")
                .toLowerCase(Locale.ROOT);
    }

    /** Returns whether the text continues with its own beginning, from half of its length on or earlier. */
    private static boolean isRepeated(String text) {
        return IntStream.rangeClosed(1, text.length() / 2)
                .anyMatch(period -> text.regionMatches(0, text, period, text.length() - period));
    }

    /**
     * Recognizes a key or certificate in PEM, DER, base64 of DER, OpenSSH's form or a JSON Web Key. Others may have
     * such a file.
     */
    private static boolean isKeyFile(byte[] secret) {
        // Drop the zero bytes of text in UTF-16.
        String text = new String(secret, StandardCharsets.ISO_8859_1)
                .replace("\0", "")
                .strip();
        return text.contains("-- BEGIN ")
                || text.contains("--BEGIN ")
                || text.startsWith("ssh-")
                || text.startsWith("ecdsa-sha2-")
                || text.startsWith("sk-ssh-")
                || text.startsWith("sk-ecdsa-")
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

    /**
     * Checks only more than 64 bytes. No key or certificate is shorter, but one in thousands of shorter random secrets
     * would begin like DER.
     */
    private static boolean isDer(byte[] secret) {
        return secret.length > 64 && Der.isSequence(secret);
    }

    /**
     * Returns the same text for equal secrets. It stays inside the library, because it would reveal equal and weak
     * secrets.
     */
    static String thumbprint(byte[] secret) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(derive(withoutPadding(secret), "thumbprint of session-aware-jwt"));
    }

    /**
     * Derives bytes that reveal nothing of the secret. The purpose contains a space, so these bytes are never the
     * signature of a token that the secret signs.
     */
    static byte[] derive(byte[] secret, String purpose) {
        return hmac(new SecretKeySpec(secret, HMAC), purpose);
    }

    static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java platform has no " + HMAC, e);
        }
    }

    static SecretKeySpec hmacKey(byte[] secret, String purpose) {
        return new SecretKeySpec(derive(secret, purpose), HMAC);
    }
}
