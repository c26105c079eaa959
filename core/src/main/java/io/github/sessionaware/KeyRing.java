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
 * The keys of a service: the current one, which signs, and others that only verify, because tokens of theirs are still
 * about or because they will sign soon. Immutable and thread-safe; to change keys at run time give the builder another
 * ring ({@link SessionAwareTokenServiceBuilder#keyRing}).
 *
 * <p>To replace a key: publish the next one ({@link #with}) and wait until every service has it; sign with it
 * ({@link #signingWith}), which is refused for a key that was not published; remove the former one ({@link #without})
 * when its last token has expired, an access token lifetime plus leeway later. After a theft remove it at once: its
 * tokens are refused from the next request on.
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
 * <p>A token names its key by {@code kid} and is verified with that key and its algorithm only. Tokens without
 * {@code kid} belong to the one key without a key id, if there is one. In a ring no two keys have the same key id, no
 * key is there twice, under two algorithms neither, and secrets do not mix with public keys: a public key must never be
 * taken for a secret (RFC 8725, section 2.1).
 */
public final class KeyRing {
    /** Stands for no key id, which the empty string cannot be. */
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
     * A ring that signs.
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
        keys.addAll(Arrays.asList(others));
        return new KeyRing(current, keys);
    }

    /**
     * A ring for a service that only validates: what would sign throws {@link IllegalStateException}.
     *
     * @param keys one or more
     * @return the ring
     * @throws IllegalArgumentException if there is no key, or as by {@link #of}
     */
    public static KeyRing verifying(VerificationKey... keys) {
        return new KeyRing(null, Arrays.asList(keys));
    }

    /**
     * A ring that verifies with one more key.
     *
     * @param key the key to publish before it signs
     * @return a new ring
     * @throws IllegalArgumentException as by {@link #of}
     */
    public KeyRing with(VerificationKey key) {
        List<VerificationKey> more = new ArrayList<>(keys.values());
        more.add(requireNonNull(key, "key"));
        return new KeyRing(current, more);
    }

    /**
     * A ring that signs with another key, which it must have already: other services that have not got it would refuse
     * its tokens. The former one goes on verifying.
     *
     * @param next the key that signs from now on
     * @return a new ring
     * @throws IllegalArgumentException if the key, under this key id and algorithm, is not in this ring
     */
    public KeyRing signingWith(SigningKey next) {
        requireNonNull(next, "next");
        if (!has(next.verificationKey())) {
            throw new IllegalArgumentException("A key must be published, with(...), to every service before it signs;"
                    + " this one was not: " + next.verificationKey() + ", but " + keys.values());
        }
        return new KeyRing(next, List.copyOf(keys.values()));
    }

    /**
     * A ring without a key, whose tokens are refused from then on.
     *
     * @param keyId its key id; null for the key that has none
     * @return a new ring
     * @throws IllegalArgumentException if there is no such key, or it is the one that signs
     */
    public KeyRing without(@Nullable String keyId) {
        VerificationKey removed = find(keyId);
        if (removed == null) {
            throw new IllegalArgumentException("There is no key " + keyId + " in this ring, but " + keys.values());
        }
        if (current != null && removed == find(current.keyId())) {
            throw new IllegalArgumentException("This is the key that signs: let another one sign first");
        }
        return new KeyRing(
                current, keys.values().stream().filter(key -> key != removed).toList());
    }

    /**
     * The public keys as a JSON Web Key Set (RFC 7517), for services that verify tokens by themselves; they learn
     * nothing of sessions that have ended. Secrets are never in it: of a ring of HMAC keys the set is empty. Serve it
     * as {@code application/jwk-set+json}, cached for less time than keys are published before they sign.
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

    /** This ring's own: that key, or the same one read anew, when the former object may be of no use any more. */
    @Nullable
    VerificationKey find(VerificationKey key) {
        VerificationKey found = find(key.keyId());
        return found != null && found.isSame(key) ? found : null;
    }

    /** Whether this is the secret of one of the keys. */
    boolean contains(byte[] secret) {
        String thumbprint = Secrets.thumbprint(secret);
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
