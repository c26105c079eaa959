package io.github.sessionaware.testing;

import io.github.sessionaware.KeyRing;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;

/** The small vocabulary of the tests: a service with everything set that must be set. */
public final class TestService {
    public static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    public static final String ISSUER = "https://shop.example";

    /** So that all tests can be run with every token verified anew: {@code -DverifiedTokens=0}. */
    public static final int VERIFIED_TOKENS = Integer.getInteger("verifiedTokens", 10_000);

    private TestService() {}

    public static SessionAwareTokenServiceBuilder aServiceOn(SessionStore store) {
        return SessionAwareTokenService.builder()
                .issuer(ISSUER)
                .signingKey(SigningKey.hmac256(secret()))
                .sessionStore(store)
                .verifiedTokens(VERIFIED_TOKENS);
    }

    /** With keys of its own in place of {@link #secret()}. */
    public static SessionAwareTokenServiceBuilder aServiceOn(SessionStore store, Supplier<KeyRing> keys) {
        return SessionAwareTokenService.builder()
                .issuer(ISSUER)
                .keyRing(keys)
                .sessionStore(store)
                .verifiedTokens(VERIFIED_TOKENS);
    }

    public static byte[] refreshSecret() {
        return "for refresh tokens of tests only".getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] secret() {
        return "only for tests: 32 bytes or more".getBytes(StandardCharsets.UTF_8);
    }
}
