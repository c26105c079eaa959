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

    private static final int SALT_BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    /** Each with its own salt before it. */
    private final Map<String, byte[]> hashes = new ConcurrentHashMap<>();

    /** Hashed against when there is no such user, so that the time of the answer does not tell who exists. */
    private final byte[] nobody = new byte[SALT_BYTES];

    Users() {
        DEMO.forEach(this::changePassword);
    }

    boolean passwordIsRight(String user, String password) {
        byte[] right = hashes.getOrDefault(user, nobody);
        return MessageDigest.isEqual(right, hash(Arrays.copyOf(right, SALT_BYTES), password));
    }

    void changePassword(String user, String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        hashes.put(user, hash(salt, password));
    }

    private static byte[] hash(byte[] salt, String password) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256);
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            byte[] both = Arrays.copyOf(salt, SALT_BYTES + hash.length);
            System.arraycopy(hash, 0, both, SALT_BYTES, hash.length);
            return both;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK lacks PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}
