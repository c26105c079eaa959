package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.JwsAlgorithm;
import io.github.sessionaware.KeyRing;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.VerificationKey;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The steps in which a key is replaced: it verifies, it signs, the former key verifies, the former key is gone. */
class RotatingKeysTest {
    private static final Duration PUBLISHED = Duration.ofMinutes(5);
    private static final Duration TOKENS_LIVE = Duration.ofMinutes(15);
    private static final Duration TICK = Duration.ofMillis(1);
    private static final LoadedKey A = key();
    private static final LoadedKey B = key();
    private static final LoadedKey C = key();

    private final FakeClock clock = new FakeClock(TestService.START);
    private final RotatingKeys keys = new RotatingKeys(A, List.of(), PUBLISHED, TOKENS_LIVE, clock);

    @Test
    void theFirstKeySignsAtOnce() {
        assertRing(A);
    }

    @Test
    void aNewKeySignsOnlyAfterEveryNodeHasHadTimeToReadIt() {
        assertTrue(keys.replace(B, List.of()));
        assertRing(A, B);

        clock.advance(PUBLISHED.minus(TICK));
        assertRing(A, B);

        clock.advance(TICK);
        assertRing(B, A);
    }

    @Test
    void theFormerKeyVerifiesUntilItsLastTokenHasExpired() {
        keys.replace(B, List.of());
        clock.advance(PUBLISHED);
        assertRing(B, A);

        clock.advance(TOKENS_LIVE.minus(TICK));
        assertRing(B, A);

        clock.advance(TICK);
        assertRing(B);
    }

    @Test
    void aKeyThatTheNodesVerifyAlreadySignsAtOnce() {
        keys.replace(A, List.of(B));
        assertRing(A, B);

        keys.replace(B, List.of(A));

        assertRing(B, A);
        clock.advance(TOKENS_LIVE);
        assertRing(B, A);
        keys.replace(B, List.of());
        assertRing(B);
    }

    @Test
    void keysThatDidNotChangeChangeNothing() {
        KeyRing before = keys.get();

        assertFalse(keys.replace(A, List.of()));

        assertSame(before, keys.get());
    }

    @Test
    void aReplacementThatIsTakenBackLeavesTheKeyThatSigns() {
        keys.replace(B, List.of());
        clock.advance(Duration.ofMinutes(1));

        keys.replace(A, List.of());

        assertRing(A, B);
        clock.advance(PUBLISHED.plus(TOKENS_LIVE));
        assertRing(A);
    }

    @Test
    void aThirdKeyWaitsForItsOwnTime() {
        keys.replace(B, List.of());
        clock.advance(PUBLISHED.minus(TICK));

        keys.replace(C, List.of());

        clock.advance(TICK);
        assertRing(A, C, B);
        clock.advance(PUBLISHED.minus(TICK));
        assertRing(C, B, A);
    }

    @Test
    void keysThatDoNotFitChangeNothing() {
        LoadedKey secret = new LoadedKey(
                "secret",
                SigningKey.hmac256(TestService.secret()).verificationKey(),
                SigningKey.hmac256(TestService.secret()));

        assertThrows(IllegalArgumentException.class, () -> keys.replace(secret, List.of()));

        assertRing(A);
        clock.advance(PUBLISHED);
        assertRing(A);
    }

    /** Asserts which key signs, and which keys verify besides. */
    private void assertRing(LoadedKey signing, LoadedKey... others) {
        KeyRing ring = keys.get();
        String expected = KeyRing.of(
                        signing.signing(),
                        List.of(others).stream().map(LoadedKey::verification).toArray(VerificationKey[]::new))
                .toString();
        assertEquals(expected, ring.toString());
        assertAcceptedBy(ring, signing);
        for (LoadedKey other : others) {
            assertAcceptedBy(ring, other);
        }
        for (LoadedKey each : List.of(A, B, C)) {
            if (!expected.contains(each.verification().keyId())) {
                assertThrows(InvalidTokenException.class, () -> assertAcceptedBy(ring, each));
            }
        }
    }

    private static void assertAcceptedBy(KeyRing ring, LoadedKey key) {
        ReferenceStore store = new ReferenceStore();
        SessionAwareTokenService issuing =
                TestService.aServiceOn(store, () -> KeyRing.of(key.signing())).build();
        SessionAwareTokenService validating =
                TestService.aServiceOn(store, () -> ring).build();

        validating.validate(issuing.issue("user-42", ClientInfo.unknown()).accessToken());
    }

    private static LoadedKey key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            SigningKey signing = SigningKey.of(JwsAlgorithm.ES256, pair);
            return new LoadedKey(pair.getPublic(), signing.verificationKey(), signing);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
