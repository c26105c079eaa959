package io.github.sessionaware.examples.devices;

import io.github.sessionaware.LoginOptions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The two users of this example. The sign-in page shows their passwords. A real application keeps its password hashes
 * in its database, each in one row with its version. {@link PasswordThrottle} limits how often a password is checked.
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
    private final Map<String, Password> passwords = new ConcurrentHashMap<>();

    /** Stands in for an unknown user, so that the response time does not reveal which users exist. */
    private final Password nobody = new Password(0, new byte[SALT_BYTES], new byte[0]);

    Users(int iterations) {
        this.iterations = iterations;
        DEMO.forEach((user, password) -> passwords.put(user, withNewSalt(1, password)));
    }

    /** Returns the version of the user's password if the given one is right; empty if it is wrong. */
    OptionalInt check(String user, String password) {
        Password expected = passwords.getOrDefault(user, nobody);
        return MessageDigest.isEqual(expected.hash, hash(expected.salt, password))
                ? OptionalInt.of(expected.version)
                : OptionalInt.empty();
    }

    /** Returns the version of the user's password, or 0 for an unknown user. */
    int version(String user) {
        return passwords.getOrDefault(user, nobody).version;
    }

    /**
     * Returns options that refuse a login if the password has changed since the check that returned the version. Such a
     * login may store its session too late for the change to find and end it.
     */
    LoginOptions loginWith(String user, int checkedVersion) {
        return LoginOptions.defaults().withStillAllowed(() -> {
            Password present = passwords.get(user);
            return present != null && present.version == checkedVersion;
        });
    }

    /** Changes the password, unless another call changed it after the check that returned the version. */
    boolean change(String user, int checkedVersion, String next) {
        Password changed = withNewSalt(checkedVersion + 1, next);
        return passwords.computeIfPresent(
                        user, (name, present) -> present.version == checkedVersion ? changed : present)
                == changed;
    }

    private Password withNewSalt(int version, String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new Password(version, salt, hash(salt, password));
    }

    private byte[] hash(byte[] salt, String password) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
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

    /** No record, because that would compare and print its arrays by identity. */
    private static final class Password {
        final int version;
        final byte[] salt;
        final byte[] hash;

        Password(int version, byte[] salt, byte[] hash) {
            this.version = version;
            this.salt = salt;
            this.hash = hash;
        }
    }
}
