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
 * The two users of this example. The sign-in page shows their passwords. A real application keeps its password hashes
 * in its database, and limits the rate of attempts per account and per address (OWASP ASVS 5.0, 6.3.1).
 */
final class Users {
    static final Map<String, String> DEMO = Map.of("alice", "alice-demo-password", "bob", "bob-demo-password");
    static final int MIN_LENGTH = 8;
    static final int MAX_LENGTH = 256;

    /** The number that the OWASP Password Storage Cheat Sheet gives for PBKDF2 with HMAC-SHA256. */
    static final int ITERATIONS = 600_000;

    private static final int SALT_BYTES = 16;

    private final int iterations;
    private final SecureRandom random = new SecureRandom();

    /** Each hash follows its own salt. */
    private final Map<String, byte[]> hashes = new ConcurrentHashMap<>();

    /** Stands in for an unknown user, so that the response time does not reveal which users exist. */
    private final byte[] nobody = new byte[SALT_BYTES];

    Users(int iterations) {
        this.iterations = iterations;
        DEMO.forEach(this::changePassword);
    }

    boolean passwordIsRight(String user, String password) {
        byte[] expected = hashes.getOrDefault(user, nobody);
        return MessageDigest.isEqual(expected, hash(Arrays.copyOf(expected, SALT_BYTES), password));
    }

    void changePassword(String user, String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        hashes.put(user, hash(salt, password));
    }

    private byte[] hash(byte[] salt, String password) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            byte[] saltAndHash = Arrays.copyOf(salt, SALT_BYTES + hash.length);
            System.arraycopy(hash, 0, saltAndHash, SALT_BYTES, hash.length);
            return saltAndHash;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK lacks PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}
