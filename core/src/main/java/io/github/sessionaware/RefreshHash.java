package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes refresh tokens for one service, and makes the next from the last, under a key that comes from its signing key,
 * its issuer and its audience. So a service that shares the table takes no token of another, and who can read or write
 * the table can make up neither a token nor a record that a token of theirs fits.
 */
final class RefreshHash {
    private static final String ALGORITHM = "HmacSHA256";

    /** With spaces, which no signed token has, so that no signature is ever this key. */
    private static final String PURPOSE = "refresh tokens of session-aware-jwt, ";

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;

    RefreshHash(SigningKey signingKey, String issuer, String audience) {
        byte[] derived = signingKey.algorithm().sign(bytes(PURPOSE + issuer.length() + " " + issuer), bytes(audience));
        this.key = new SecretKeySpec(derived, ALGORITHM);
    }

    Hashed of(RefreshToken token) {
        return new Hashed(mac(token.family()), mac(token.secret()));
    }

    /**
     * The next token, for whoever holds this one while the record holds the nonce: the same at every try. Out of reach
     * for somebody who has the table, and also for somebody who has the table and a token that has been used.
     */
    RefreshToken successor(RefreshToken token, String nonce) {
        return token.withSecret(mac("next~" + token.secret() + "~" + nonce));
    }

    /** Secrets of 256 random bits need no salt and no slow hash. */
    private String mac(String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return ENCODER.encodeToString(mac.doFinal(bytes(secret)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A refresh token as the store may know it. */
    record Hashed(String family, String secret) {}
}
