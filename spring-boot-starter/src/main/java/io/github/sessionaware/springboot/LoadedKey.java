package io.github.sessionaware.springboot;

import io.github.sessionaware.SigningKey;
import io.github.sessionaware.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * A key that was read from its source.
 *
 * @param material tells two keys apart, whatever their ids are: the public key, or the bytes of the secret
 * @param verification the key that verifies
 * @param signing the key that signs, or null if the source has no private key
 */
record LoadedKey(
        Object material,
        VerificationKey verification,
        @Nullable SigningKey signing) {

    boolean isSame(LoadedKey other) {
        return material.equals(other.material);
    }

    /** Leaves out the material, which may be a secret. */
    @Override
    public String toString() {
        return verification.toString();
    }
}
