package io.github.sessionaware.examples.http;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** The two users of this example. A real application keeps its password hashes in its database. */
final class Users {
    /** The number that the OWASP Password Storage Cheat Sheet gives for PBKDF2 with HMAC-SHA256. */
    static final int ITERATIONS = 600_000;

    private static final Map<String, String> DEMO = Map.of("alice", "alice-demo-password", "bob", "bob-demo-password");
    private static final int SALT_BYTES = 16;

    private final int iterations;

    /** Each hash follows its own salt. */
    private final Map<String, byte[]> hashes = new HashMap<>();

    /** Stands in for an unknown user, so that the response time does not reveal which users exist. */
    private final byte[] nobody = new byte[SALT_BYTES];

    Users(int iterations) {
        this.iterations = iterations;
        SecureRandom random = new SecureRandom();
        DEMO.forEach((user, password) -> {
            byte[] salt = new byte[SALT_BYTES];
            random.nextBytes(salt);
            hashes.put(user, hash(salt, password));
        });
    }

    boolean passwordIsRight(String user, String password) {
        byte[] expected = hashes.getOrDefault(user, nobody);
        return MessageDigest.isEqual(expected, hash(Arrays.copyOf(expected, SALT_BYTES), password));
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
