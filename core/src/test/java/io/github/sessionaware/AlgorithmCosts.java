package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.aServiceOn;

import io.github.sessionaware.testing.ReferenceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The figures in docs/keys.md. No test: run it by name. */
class AlgorithmCosts {
    private static final int WARM_UP = 1_000;
    private static final int ROUNDS = 1_000;

    /** Twice, and the first time for the compiler of the virtual machine only. */
    @Test
    void print() {
        measure();
        System.out.println("now warm:");
        measure();
    }

    private static void measure() {
        TestKeys.signers().forEach(signer -> {
            SessionAwareTokenService service =
                    aServiceOn(new ReferenceStore()).signingKey(signer.key()).build();
            Session session = service.issue("alice", ClientInfo.unknown()).session();
            String token = service.issue("alice", ClientInfo.unknown()).accessToken();
            TokenCodec codec = new TokenCodec(
                    () -> KeyRing.of(signer.key()),
                    "https://shop.example",
                    "https://shop.example",
                    "at+jwt",
                    "sid",
                    Duration.ZERO,
                    Instant.MIN,
                    0);
            double validate = microsOf(() -> service.validate(token));
            double sign =
                    microsOf(() -> codec.encode(session, Map.of(), "1", session.createdAt(), session.expiresAt()));
            System.out.printf("%s: validate %.0f us, sign %.0f us%n", signer, validate, sign);
        });
    }

    private static double microsOf(Runnable action) {
        for (int i = 0; i < WARM_UP; i++) {
            action.run();
        }
        long begin = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            action.run();
        }
        return (System.nanoTime() - begin) / 1_000.0 / ROUNDS;
    }
}
