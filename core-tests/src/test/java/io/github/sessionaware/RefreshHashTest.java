package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.sessionaware.testing.TestService;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Stored hashes and refresh tokens outlive a release. Another derivation would log everybody out, and nodes of both
 * releases would disagree.
 */
class RefreshHashTest {
    private static final RefreshToken TOKEN = new RefreshToken("alice", "B".repeat(24), "F".repeat(43), "S".repeat(43));

    private final RefreshHash hash = hashOf("https://shop.example", "https://api.example");

    /** The values were computed with another HMAC-SHA-256. */
    @Test
    void theDerivationDoesNotChange() {
        assertEquals(
                List.of(
                        "5ZHFs9eyjvA88X-Qn7P2uP1bQxZ-Br9vlar0T5J-vr0",
                        "iYBNS965jPYbufzI2Ki3tf8M1f1SxWlIp6mSblsd0PM",
                        "Cd3buEqLB678h855Cg2VCvHCFJKKPbSvm6Yr7KNJ9wk",
                        "DdM4Rz9B_x5wMEjmYy8f5BHh9DKUZxof02tqxvMNNxw"),
                List.of(
                        hash.family(TOKEN),
                        hash.current(TOKEN),
                        hash.previous(TOKEN, "nonce", START),
                        hash.successor(TOKEN, "nonce").secret()));
    }

    @Test
    void noTwoPairsOfIssuerAndAudienceShareAKey() {
        assertNotEquals(hashOf("a", "b.c").current(TOKEN), hashOf("a.b", "c").current(TOKEN));
        assertNotEquals(
                hashOf("a.1 b", "c").current(TOKEN), hashOf("a", "1 b.c").current(TOKEN));
    }

    private static RefreshHash hashOf(String issuer, String audience) {
        return new RefreshHash(TestService.secret(), new TokenCodec.Scope(issuer, List.of(audience)));
    }
}
