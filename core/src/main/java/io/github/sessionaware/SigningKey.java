package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.algorithms.Algorithm;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key that signs and verifies tokens, with the one algorithm it may be used for. Immutable and thread-safe; never
 * shows its secret.
 *
 * <p>A secret must come from a random generator, not from a person: {@code openssl rand 32}. Whoever holds it can issue
 * tokens for anybody, though not sessions: a forged token still needs the id of a live session.
 */
public final class SigningKey {
    private static final Pattern KEY_ID = Pattern.compile("[\\x21-\\x7E]{1,128}");

    private final Algorithm algorithm;
    private final @Nullable String keyId;

    private SigningKey(Algorithm algorithm, @Nullable String keyId) {
        this.algorithm = algorithm;
        this.keyId = keyId;
    }

    /**
     * A key for HS256 (HMAC with SHA-256).
     *
     * @param secret at least 32 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException if the secret is shorter than the hash (RFC 7518, section 3.2)
     */
    public static SigningKey hmac256(byte[] secret) {
        return hmac(secret, 32, Algorithm::HMAC256);
    }

    /**
     * A key for HS384 (HMAC with SHA-384).
     *
     * @param secret at least 48 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException if the secret is shorter than the hash (RFC 7518, section 3.2)
     */
    public static SigningKey hmac384(byte[] secret) {
        return hmac(secret, 48, Algorithm::HMAC384);
    }

    /**
     * A key for HS512 (HMAC with SHA-512).
     *
     * @param secret at least 64 random bytes; copied
     * @return the key, without a key id
     * @throws IllegalArgumentException if the secret is shorter than the hash (RFC 7518, section 3.2)
     */
    public static SigningKey hmac512(byte[] secret) {
        return hmac(secret, 64, Algorithm::HMAC512);
    }

    /**
     * The same key under a key id, which tokens then carry as {@code kid} and must carry to be accepted.
     *
     * @param keyId 1 to 128 printable ASCII characters, without spaces
     * @return a new key
     * @throws IllegalArgumentException if the key id has another form
     */
    public SigningKey withKeyId(String keyId) {
        if (!KEY_ID.matcher(requireNonNull(keyId, "keyId")).matches()) {
            throw new IllegalArgumentException("keyId must be 1 to 128 printable ASCII characters without spaces");
        }
        return new SigningKey(algorithm, keyId);
    }

    private static SigningKey hmac(byte[] secret, int minBytes, Function<byte[], Algorithm> algorithm) {
        requireNonNull(secret, "secret");
        if (secret.length < minBytes) {
            throw new IllegalArgumentException("secret must be at least " + minBytes + " random bytes, was "
                    + secret.length + "; make one with: openssl rand " + minBytes);
        }
        return new SigningKey(algorithm.apply(secret.clone()), null);
    }

    Algorithm algorithm() {
        return algorithm;
    }

    @Nullable
    String keyId() {
        return keyId;
    }

    /** Returns the algorithm and the key id, without the secret. */
    @Override
    public String toString() {
        return "SigningKey[algorithm=" + algorithm.getName() + ", keyId=" + keyId + "]";
    }
}
