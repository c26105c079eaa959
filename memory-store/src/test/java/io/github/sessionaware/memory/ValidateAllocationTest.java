package io.github.sessionaware.memory;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Allocation does not depend on the speed of the machine, so a test can assert it. */
class ValidateAllocationTest {
    private static final int MOST_ROUNDS = 2_000;
    private static final int CALLS = 2_000;
    private static final long ONE_KILOBYTE = 1_024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void validateOfARememberedTokenAllocatesAtMostOneKilobyte() {
        assertTrue(bytesPerValidate(Duration.ZERO) <= ONE_KILOBYTE);
    }

    @Test
    void validateOfARememberedSessionAllocatesAtMostOneKilobyte() {
        assertTrue(bytesPerValidate(Duration.ofMinutes(1)) <= ONE_KILOBYTE);
    }

    private long bytesPerValidate(Duration maxStaleness) {
        SessionAwareTokenService service = aServiceOn(new InMemorySessionStore())
                .verifiedTokenCacheSize(10)
                .maxStaleness(maxStaleness)
                .build();
        String token = service.issue("alice", ClientInfo.unknown()).accessToken();
        return bytesPerCall(() -> service.validate(token));
    }

    /** Repeats the round until the code is compiled, which takes long while the machine has other work. */
    private long bytesPerCall(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least > ONE_KILOBYTE; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / CALLS);
        }
        System.out.println("bytes of a validate: " + least);
        return least;
    }
}
