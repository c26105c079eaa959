package io.github.sessionaware.benchmarks;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import java.time.Duration;
import javax.sql.DataSource;

/** This library as it is measured: with its defaults, but for what a name here says. */
final class Services {
    private Services() {}

    static SessionAwareTokenServiceBuilder withDefaults(SessionStore store, SignedWith signedWith) {
        return SessionAwareTokenService.builder()
                .issuer(Login.ISSUER)
                .signingKey(signedWith.signingKey())
                .sessionStore(store);
    }

    /** Every token is verified at every request, as at first sight. */
    static SessionAwareTokenServiceBuilder withoutVerifiedTokens(SessionStore store, SignedWith signedWith) {
        return withDefaults(store, signedWith).verifiedTokens(0);
    }

    /** Every caller has a query of its own, however many there are. */
    static SessionAwareTokenServiceBuilder withoutBatchedReads(JdbcSessionStore store, SignedWith signedWith) {
        return withDefaults(store.withBatchedReads(1), signedWith);
    }

    /** Shared reads are off by default. They are switched on here, because the tables for many callers show them. */
    static JdbcSessionStore storeOn(DataSource dataSource) {
        // A disk that stalls is measured, and does not end the run.
        return new JdbcSessionStore(dataSource)
                .withTimeout(Duration.ofSeconds(60))
                .withBatchedReads(64);
    }
}
