package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Supplier;

/**
 * Supplies the key rings of the application, and refuses a ring that has a secret of the refresh tokens. Each ring is
 * checked when it replaces another one, so that a call with the same ring costs one comparison of references.
 */
final class SeparateKeys implements Supplier<KeyRing> {
    private final Supplier<KeyRing> keyRing;
    private final List<String> refreshSecrets;

    /** Threads that meet a new ring at the same time each check it, which is harmless. */
    private volatile KeyRing checked;

    /** Checks the first ring. */
    SeparateKeys(Supplier<KeyRing> keyRing, List<byte[]> refreshSecrets) {
        this.keyRing = keyRing;
        this.refreshSecrets = refreshSecrets.stream().map(Secrets::thumbprint).toList();
        this.checked = requireSeparate(keyRing.get());
    }

    @Override
    public KeyRing get() {
        KeyRing ring = keyRing.get();
        if (ring != checked) {
            checked = requireSeparate(ring);
        }
        return ring;
    }

    private KeyRing requireSeparate(KeyRing ring) {
        if (refreshSecrets.stream().anyMatch(requireNonNull(ring, "keyRing returned null")::hasThumbprint)) {
            throw new IllegalStateException(
                    "refreshTokens(...) was given the secret of a signing key; pass another secret,"
                            + " because anyone who reads a shared one can forge both kinds of token");
        }
        return ring;
    }
}
