package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;

/**
 * Supplies the key rings of the application, and refuses a ring that has the secret of the refresh tokens. Each ring is
 * checked when it replaces another one, so that a call with the same ring costs one comparison of references.
 */
final class SeparateKeys implements Supplier<KeyRing> {
    private final Supplier<KeyRing> keyRing;
    private final String refreshSecretThumbprint;

    /** Threads that meet a new ring at the same time each check it, which is harmless. */
    private volatile KeyRing checked;

    /** Checks the first ring. */
    SeparateKeys(Supplier<KeyRing> keyRing, byte[] refreshSecret) {
        this.keyRing = keyRing;
        this.refreshSecretThumbprint = Secrets.thumbprint(refreshSecret);
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
        if (requireNonNull(ring, "keyRing returned null").hasThumbprint(refreshSecretThumbprint)) {
            throw new IllegalStateException(
                    "refreshTokens(...) was given the secret of a signing key; pass another secret,"
                            + " because anyone who reads a shared one can forge both kinds of token");
        }
        return ring;
    }
}
