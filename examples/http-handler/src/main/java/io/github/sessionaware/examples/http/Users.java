package io.github.sessionaware.examples.http;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The two users of this example. Passwords are stored as PBKDF2-HMAC-SHA256 with 600,000 iterations, the figure of the
 * OWASP Password Storage Cheat Sheet. The passwords are {@code alice-demo-password} and {@code bob-demo-password}.
 */
final class Users {
    private static final int ITERATIONS = 600_000;

    private static final Map<String, PasswordHash> HASHES = Map.of(
            "alice",
            new PasswordHash("pYD3NfkRErRWL3ZNfpXc1g==", "TWYs0nk0IvZQ93rGWBcq+Ot/72dyFf7RU44tXZExJnw="),
            "bob",
            new PasswordHash("FB3GWnZbqwpRbzjrosVwFg==", "SuNhOaE20frKZo8P2L/tRFSUe8xvEcD6/zs3UF711Hc="));

    /** Hashed against when there is no such user, so that the time of the answer does not tell who exists. */
    private static final PasswordHash NOBODY =
            new PasswordHash("voIJFgt2e/tX6bCp5gxfCQ==", "AWoBIhuqmzr3dz75Alnp5xdpWxeI0FcR3XeCer6tZEU=");

    private Users() {}

    static boolean passwordIsRight(String user, String password) {
        boolean matches = HASHES.getOrDefault(user, NOBODY).matches(password);
        return matches && HASHES.containsKey(user);
    }

    private record PasswordHash(String salt, String hash) {
        boolean matches(String password) {
            byte[] expected = Base64.getDecoder().decode(hash);
            PBEKeySpec spec = new PBEKeySpec(
                    password.toCharArray(), Base64.getDecoder().decode(salt), ITERATIONS, expected.length * 8);
            try {
                byte[] actual = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(spec)
                        .getEncoded();
                return MessageDigest.isEqual(expected, actual);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("This JDK lacks PBKDF2WithHmacSHA256", e);
            } finally {
                spec.clearPassword();
            }
        }
    }
}
