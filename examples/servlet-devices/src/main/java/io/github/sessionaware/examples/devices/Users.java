package io.github.sessionaware.examples.devices;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The two users of this example, whose passwords are shown on the sign-in page. A real application keeps them in its
 * database, and slows down whoever guesses (OWASP ASVS 5.0, 6.3.1), by account and by address.
 */
final class Users {
    static final Map<String, String> DEMO = Map.of("alice", "alice-demo-password", "bob", "bob-demo-password");
    static final int MIN_LENGTH = 8;
    static final int MAX_LENGTH = 256;

    /** The figure of the OWASP Password Storage Cheat Sheet for PBKDF2 with HMAC-SHA256. */
    private static final int ITERATIONS = 600_000;

    private final Map<String, byte[]> hashes = new ConcurrentHashMap<>();
    private final byte[] salt = new byte[16];
    private final byte[] nobody;

    Users() {
        new SecureRandom().nextBytes(salt);
        DEMO.forEach((user, password) -> hashes.put(user, hash(password)));
        nobody = hash("nobody has this password");
    }

    /** Takes as long when there is no such user. */
    boolean passwordIsRight(String user, String password) {
        byte[] right = hashes.getOrDefault(user, nobody);
        boolean matches = MessageDigest.isEqual(right, hash(password));
        return matches && !Arrays.equals(right, nobody);
    }

    void changePassword(String user, String password) {
        hashes.put(user, hash(password));
    }

    private byte[] hash(String password) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK lacks PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}
