package io.github.sessionaware.testing;

import io.github.sessionaware.KeyRing;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;

/** Builds services for tests, with every required setting. */
public final class TestService {
    /**
     * When the fake clocks start. A store whose database drops expired records by its own clock sets the system
     * property {@code tests.start} to a time in the future.
     */
    public static final Instant START = Instant.parse(System.getProperty("tests.start", "2026-03-01T10:00:00Z"));

    public static final String ISSUER = "https://shop.example";

    /** To run all tests with every token verified each time, set the system property {@code verifiedTokens} to 0. */
    public static final int VERIFIED_TOKENS = Integer.getInteger("verifiedTokens", 10_000);

    private TestService() {}

    public static SessionAwareTokenServiceBuilder aServiceOn(SessionStore store) {
        return SessionAwareTokenService.builder()
                .issuer(ISSUER)
                .signingKey(SigningKey.hmac256(secret()))
                .sessionStore(store)
                .verifiedTokenCacheSize(VERIFIED_TOKENS);
    }

    /** Builds a service with its own keys in place of {@link #secret()}. */
    public static SessionAwareTokenServiceBuilder aServiceOn(SessionStore store, Supplier<KeyRing> keys) {
        return SessionAwareTokenService.builder()
                .issuer(ISSUER)
                .keyRing(keys)
                .sessionStore(store)
                .verifiedTokenCacheSize(VERIFIED_TOKENS);
    }

    public static byte[] refreshSecret() {
        return "for refresh tokens of tests only".getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] secret() {
        return "only for tests: 32 bytes or more".getBytes(StandardCharsets.UTF_8);
    }
}
