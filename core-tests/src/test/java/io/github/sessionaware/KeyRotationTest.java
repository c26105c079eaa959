package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Four nodes on one store replace their key, one after the other and without a restart. */
class KeyRotationTest {
    private static final Duration ACCESS_TOKEN_LIFETIME = Duration.ofMinutes(15);
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final Duration BETWEEN_NODES = Duration.ofMinutes(5);
    private static final SigningKey OLD = SigningKey.of(JwsAlgorithm.ES256, TestKeys.P256);
    private static final SigningKey NEXT = SigningKey.of(JwsAlgorithm.RS256, TestKeys.RSA);

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final List<Node> nodes = List.of(new Node(), new Node(), new Node(), new Node());
    private final List<IssuedTokens> issued = new ArrayList<>();

    @Test
    void everyNodeAcceptsTheTokensOfAllNodesAtEveryStep() {
        allIssueAndAcceptAll();

        oneAfterTheOther(ring -> ring.with(NEXT.verificationKey()));
        oneAfterTheOther(ring -> ring.signingWith(NEXT));
        clock.set(START.plus(ACCESS_TOKEN_LIFETIME).plus(LEEWAY));
        issued.clear();
        oneAfterTheOther(ring -> ring.without(OLD.keyId()));

        assertEquals(
                List.of(NEXT.keyId()),
                issued.stream()
                        .map(tokens -> JWT.decode(tokens.accessToken()).getKeyId())
                        .distinct()
                        .toList());
    }

    /**
     * A ring refuses to sign with such a key. A node that gets round this rule issues tokens that the others refuse.
     */
    @Test
    void otherNodesRefuseAKeyThatSignsBeforeItIsPublished() {
        Node hasty = nodes.get(0);
        assertThrows(IllegalArgumentException.class, () -> hasty.keys.get().signingWith(NEXT));

        hasty.keys.set(KeyRing.of(NEXT, OLD.verificationKey()));
        String early = hasty.service.issue("alice", ClientInfo.unknown()).accessToken();
        nodes.stream().skip(1).forEach(node -> assertRefused(node, early));

        nodes.stream().skip(1).forEach(node -> node.keys.updateAndGet(ring -> ring.with(NEXT.verificationKey())));
        nodes.forEach(node -> assertEquals("alice", node.service.validate(early).userId()));
    }

    /** The last token of the former key is valid until its last millisecond, and needs that key until then. */
    @Test
    void removingAKeyBeforeItsLastTokenExpiresRefusesThatToken() {
        oneAfterTheOther(ring -> ring.with(NEXT.verificationKey()));
        clock.set(START.plus(BETWEEN_NODES));
        String last = nodes.get(3).service.issue("alice", ClientInfo.unknown()).accessToken();
        nodes.forEach(node -> node.keys.updateAndGet(ring -> ring.signingWith(NEXT)));

        clock.set(START.plus(BETWEEN_NODES)
                .plus(ACCESS_TOKEN_LIFETIME)
                .plus(LEEWAY)
                .minusMillis(1));
        nodes.forEach(node -> assertEquals("alice", node.service.validate(last).userId()));
        nodes.get(0).keys.updateAndGet(ring -> ring.without(OLD.keyId()));
        assertRefused(nodes.get(0), last);

        clock.advance(Duration.ofMillis(1));
        assertEquals(
                Reason.EXPIRED,
                assertThrows(
                                InvalidTokenException.class,
                                () -> nodes.get(1).service.validate(last))
                        .reason());
    }

    @Test
    void afterATheftAllNodesRefuseTheKeyAndRefreshTokensStillWork() {
        IssuedTokens stolen = nodes.get(0).service.issue("alice", ClientInfo.unknown());
        nodes.forEach(node -> node.keys.set(KeyRing.of(NEXT)));

        nodes.forEach(node -> assertRefused(node, stolen.accessToken()));
        IssuedTokens next = nodes.get(3).service.refresh(stolen.refreshToken(), ClientInfo.unknown());
        nodes.forEach(node ->
                assertEquals("alice", node.service.validate(next.accessToken()).userId()));
    }

    /** A call uses one ring from beginning to end, so that changing rings refuse no live token. */
    @Test
    void changingRingsRefuseNoLiveToken() throws Exception {
        Node node = nodes.get(0);
        String old = node.service.issue("alice", ClientInfo.unknown()).accessToken();
        KeyRing oldSigns = KeyRing.of(OLD, NEXT.verificationKey());
        KeyRing nextSigns = oldSigns.signingWith(NEXT);
        node.keys.set(nextSigns);
        String next = node.service.issue("alice", ClientInfo.unknown()).accessToken();

        whileRingsChange(node, oldSigns, nextSigns, () -> {
            node.service.validate(old);
            node.service.validate(next);
            node.service.issue("bob", ClientInfo.unknown());
        });
    }

    /** The rings have no key in common, so a call that used both would fail in another way. */
    @Test
    void everyCallUsesTheOldRingOrTheNewOne() throws Exception {
        Node node = nodes.get(0);

        whileRingsChange(node, KeyRing.of(OLD), KeyRing.of(NEXT), () -> {
            String token = node.service.issue("alice", ClientInfo.unknown()).accessToken();
            try {
                node.service.validate(token);
            } catch (InvalidTokenException e) {
                assertEquals(Reason.UNKNOWN_KEY, e.reason());
            }
        });
    }

    /** The ring may have been loaded again, and the former key object may no longer work. */
    @Test
    void aSignatureIsVerifiedWithTheKeyOfTheCurrentRing() {
        TokenGate gate = TokenGate.ofSessions("at+jwt", "sid");
        String token = nodes.get(0).service.issue("alice", ClientInfo.unknown()).accessToken();
        KeyRing reloaded = KeyRing.of(SigningKey.of(JwsAlgorithm.ES256, TestKeys.P256));

        gate.check(token, KeyRing.of(OLD));

        assertSame(reloaded.find(OLD.keyId()), gate.check(token, reloaded).key());
    }

    /** Two callers, until both have made 50 calls, and until the rings have changed as long as they did. */
    private static void whileRingsChange(Node node, KeyRing one, KeyRing other, Runnable calls) throws Exception {
        AtomicInteger calling = new AtomicInteger(2);
        AtomicBoolean changed = new AtomicBoolean();
        Callable<Void> caller = () -> {
            try {
                for (int i = 0; i < 50 || !changed.get(); i++) {
                    calls.run();
                }
            } finally {
                calling.decrementAndGet();
            }
            return null;
        };
        Callable<Void> changer = () -> {
            for (int i = 0; i < 2_000 || calling.get() > 0; i++) {
                node.keys.set(i % 2 == 0 ? one : other);
                changed.set(i >= 2_000);
            }
            return null;
        };
        Together.call(List.of(caller, caller, changer));
    }

    private void oneAfterTheOther(UnaryOperator<KeyRing> step) {
        for (Node node : nodes) {
            node.keys.updateAndGet(step);
            allIssueAndAcceptAll();
        }
    }

    private void allIssueAndAcceptAll() {
        nodes.forEach(node -> issued.add(node.service.issue("alice", ClientInfo.unknown())));
        for (IssuedTokens tokens : issued) {
            for (Node node : nodes) {
                assertEquals(
                        tokens.session().id(),
                        node.service.validate(tokens.accessToken()).sessionId());
            }
        }
    }

    private static void assertRefused(Node node, String token) {
        assertEquals(
                Reason.UNKNOWN_KEY,
                assertThrows(InvalidTokenException.class, () -> node.service.validate(token))
                        .reason());
    }

    private final class Node {
        private final AtomicReference<KeyRing> keys = new AtomicReference<>(KeyRing.of(OLD));
        private final SessionAwareTokenService service = aServiceOn(store, keys::get)
                .accessTokenLifetime(ACCESS_TOKEN_LIFETIME)
                .leeway(LEEWAY)
                .refreshTokens(TestService.refreshSecret())
                .refreshGraceWindow(LEEWAY)
                .clock(clock)
                .build();
    }
}
