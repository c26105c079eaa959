package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the keys of a service: the current key, which signs, and others, which only verify because their tokens are
 * still in use or because they will sign soon. Immutable and thread-safe. To change keys at run time, let the supplier
 * that {@link SessionAwareTokenServiceBuilder#keyRing} received return another ring.
 *
 * <p>To replace a key:
 *
 * <ol>
 *   <li>Publish the next key ({@link #with}), and wait until every service has it.
 *   <li>Sign with it ({@link #signingWith}). A key that is not in the ring is refused.
 *   <li>Remove the former key ({@link #without}) when its last token has expired, an access token lifetime plus leeway
 *       later.
 * </ol>
 *
 * <p>After a theft remove the key at once: its tokens are refused from the next request on.
 *
 * <pre>{@code
 * AtomicReference<KeyRing> keys = new AtomicReference<>(KeyRing.of(current));
 * SessionAwareTokenServiceBuilder builder = SessionAwareTokenService.builder().keyRing(keys::get);
 *
 * keys.updateAndGet(ring -> ring.with(next.verificationKey())); // publish, on every node
 * keys.updateAndGet(ring -> ring.signingWith(next)); // sign
 * keys.updateAndGet(ring -> ring.without(current.keyId())); // retire
 * }</pre>
 *
 * <p>A token names its key by {@code kid}, and only that key and its algorithm verify it. A token without {@code kid}
 * belongs to the key without a key id, if the ring has one. In a ring no two keys have the same key id, and no key
 * appears twice, not even with two algorithms. Secrets and public keys are not mixed, because a public key must never
 * be used as a secret (RFC 8725, section 2.1).
 */
public final class KeyRing {
    /** Stands for a missing key id. A key id is never empty. */
    private static final String NONE = "";

    private final @Nullable SigningKey current;
    private final Map<String, VerificationKey> keys;

    private KeyRing(@Nullable SigningKey current, List<VerificationKey> keys) {
        this.current = current;
        this.keys = byKeyId(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("A ring needs at least one key");
        }
    }

    /**
     * Creates a ring that signs.
     *
     * @param current the key that signs, and verifies
     * @param others older and future keys, which only verify
     * @return the ring
     * @throws IllegalArgumentException if two keys have the same key id or the same key material, or secrets and public
     *     keys are mixed
     */
    public static KeyRing of(SigningKey current, VerificationKey... others) {
        List<VerificationKey> keys = new ArrayList<>();
        keys.add(requireNonNull(current, "current").verificationKey());
        keys.addAll(Arrays.asList(requireNonNull(others, "others")));
        return new KeyRing(current, keys);
    }

    /**
     * Creates a ring for a service that only validates. The methods of that service that would sign throw
     * {@link IllegalStateException}.
     *
     * @param keys one or more
     * @return the ring
     * @throws IllegalArgumentException if no key is given, or as {@link #of} does
     */
    public static KeyRing verifying(VerificationKey... keys) {
        return new KeyRing(null, Arrays.asList(requireNonNull(keys, "keys")));
    }

    /**
     * Returns a ring that verifies with one more key.
     *
     * @param key the key to publish before it signs
     * @return a new ring
     * @throws IllegalArgumentException as {@link #of} does
     */
    public KeyRing with(VerificationKey key) {
        List<VerificationKey> more = new ArrayList<>(keys.values());
        more.add(requireNonNull(key, "key"));
        return new KeyRing(current, more);
    }

    /**
     * Returns a ring that signs with another key, which this ring must already contain. Otherwise services that do not
     * have the key yet would refuse its tokens. The former key still verifies.
     *
     * @param next the key that signs from now on
     * @return a new ring
     * @throws IllegalArgumentException if the key, with this key id and algorithm, is not in this ring
     */
    public KeyRing signingWith(SigningKey next) {
        requireNonNull(next, "next");
        if (!has(next.verificationKey())) {
            throw new IllegalArgumentException("This ring does not have the key " + next.verificationKey()
                    + "; it has " + keys.values()
                    + ". Publish the key to every service, with(...), before it signs");
        }
        return new KeyRing(next, List.copyOf(keys.values()));
    }

    /**
     * Returns a ring without one of the keys. Tokens of that key are then refused.
     *
     * @param keyId the id of the key; null for the key without an id
     * @return a new ring
     * @throws IllegalArgumentException if this ring does not have the key, or it is the key that signs
     */
    public KeyRing without(@Nullable String keyId) {
        VerificationKey removed = find(keyId);
        if (removed == null) {
            throw new IllegalArgumentException(
                    "This ring does not have the key id " + keyId + "; it has " + keys.values());
        }
        if (current != null && removed == find(current.keyId())) {
            throw new IllegalArgumentException(
                    "The key that signs cannot be removed: call signingWith(...) with another key first");
        }
        return new KeyRing(
                current, keys.values().stream().filter(key -> key != removed).toList());
    }

    /**
     * Returns the public keys as a JSON Web Key Set (RFC 7517), for services that verify tokens by themselves. Such
     * services do not notice that a session has ended. The set never contains secrets, so for HMAC keys it is empty.
     * Serve it as {@code application/jwk-set+json}, and let it be cached for less time than passes between publishing a
     * key and signing with it.
     *
     * @return JSON in one line
     */
    public String jwks() {
        return Jwks.of(keys.values());
    }

    SigningKey current() {
        if (current == null) {
            throw new IllegalStateException("This service only validates: its key ring has no key that signs");
        }
        return current;
    }

    @Nullable
    VerificationKey find(@Nullable String keyId) {
        return keys.get(keyId == null ? NONE : keyId);
    }

    /**
     * Returns this ring's own object for a key, or null. If the keys were loaded again, the given object may no longer
     * work.
     */
    @Nullable
    VerificationKey find(VerificationKey key) {
        VerificationKey found = find(key.keyId());
        return found != null && found.isSame(key) ? found : null;
    }

    boolean hasThumbprint(String thumbprint) {
        return keys.values().stream().anyMatch(key -> key.thumbprint().equals(thumbprint));
    }

    boolean has(VerificationKey key) {
        return find(key) != null;
    }

    private static Map<String, VerificationKey> byKeyId(List<VerificationKey> keys) {
        Map<String, VerificationKey> byKeyId = new LinkedHashMap<>();
        for (VerificationKey key : keys) {
            requireNonNull(key, "key");
            for (VerificationKey other : byKeyId.values()) {
                requireCompatible(key, other);
            }
            byKeyId.put(Objects.requireNonNullElse(key.keyId(), NONE), key);
        }
        return byKeyId;
    }

    private static void requireCompatible(VerificationKey key, VerificationKey other) {
        if ((key.publicKey() == null) != (other.publicKey() == null)) {
            throw new IllegalArgumentException(
                    "A ring must not mix secrets (HS256, HS384, HS512) with public keys: " + key + ", " + other);
        }
        if (key.thumbprint().equals(other.thumbprint())) {
            throw new IllegalArgumentException("A ring must not have the same key twice: " + key + ", " + other);
        }
        if (Objects.equals(key.keyId(), other.keyId())) {
            throw new IllegalArgumentException(
                    key.keyId() == null
                            ? "A ring must not have two keys without a key id: give the newer one an id, withKeyId(...)"
                            : "A ring must not have two keys with one key id: " + key + ", " + other);
        }
    }

    /** Returns algorithms and key ids, without secrets. */
    @Override
    public String toString() {
        return "KeyRing[current=" + current + ", keys=" + keys.values() + "]";
    }
}
