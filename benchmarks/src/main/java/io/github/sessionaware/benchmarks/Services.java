package io.github.sessionaware.benchmarks;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import java.time.Duration;
import javax.sql.DataSource;

/** Configures this library: the defaults, except for the setting that a method names. */
final class Services {
    private Services() {}

    static SessionAwareTokenServiceBuilder withDefaults(SessionStore store, SignedWith signedWith) {
        return SessionAwareTokenService.builder()
                .issuer(Login.ISSUER)
                .signingKey(signedWith.signingKey())
                .sessionStore(store);
    }

    /** Verifies the signature at every request. */
    static SessionAwareTokenServiceBuilder withoutTokenCache(SessionStore store, SignedWith signedWith) {
        return withDefaults(store, signedWith).verifiedTokenCacheSize(0);
    }

    /** Lets callers share selects. This starts with the ninth concurrent caller. */
    static SessionAwareTokenServiceBuilder withSharedSelects(JdbcSessionStore store, SignedWith signedWith) {
        return withDefaults(store.withBatchedReads(64), signedWith);
    }

    /** Accepts sessions that a read of the last five seconds saw. */
    static SessionAwareTokenServiceBuilder withBoundedStaleness(SessionStore store, SignedWith signedWith) {
        return withDefaults(store, signedWith).maxStaleness(Duration.ofSeconds(5));
    }

    static JdbcSessionStore storeOn(DataSource dataSource) {
        // A long timeout, so that a stalled disk shows in the figures and does not abort the run.
        return new JdbcSessionStore(dataSource).withTimeout(Duration.ofSeconds(60));
    }
}
