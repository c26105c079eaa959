package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A play: four services on one store replace their key, one after the other, and none is restarted. */
class KeyRotationTest {
    private static final Duration ACCESS_TOKEN_LIFETIME = Duration.ofMinutes(15);
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final Duration BETWEEN_NODES = Duration.ofMinutes(5);
    private static final SigningKey OLD = SigningKey.ecdsa256(TestKeys.P256);
    private static final SigningKey NEXT = SigningKey.rsa256(TestKeys.RSA);

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final List<Node> nodes = List.of(new Node(), new Node(), new Node(), new Node());
    private final List<IssuedTokens> issued = new ArrayList<>();

    @Test
    void atEveryStepEveryServiceAcceptsWhatAnyOtherIssued() {
        allIssueAndAcceptAll();

        oneAfterTheOther(ring -> ring.with(NEXT.verificationKey()));
        oneAfterTheOther(ring -> ring.signingWith(NEXT));
        clock.set(START.plus(ACCESS_TOKEN_LIFETIME).plus(LEEWAY));
        issued.clear();
        oneAfterTheOther(ring -> ring.without(OLD.keyId()));

        assertEquals(
                List.of(NEXT.keyId()),
                issued.stream()
                        .map(tokens -> nodes.get(0).service.validate(tokens.accessToken()))
                        .map(current -> current.token().getKeyId())
                        .distinct()
                        .toList());
    }

    @Test
    void refreshTokensOutliveEveryKey() {
        IssuedTokens first = nodes.get(0).service.issue("alice", ClientInfo.unknown());
        for (UnaryOperator<KeyRing> step : List.<UnaryOperator<KeyRing>>of(
                ring -> ring.with(NEXT.verificationKey()),
                ring -> ring.signingWith(NEXT),
                ring -> ring.without(OLD.keyId()))) {
            nodes.forEach(node -> node.keys.updateAndGet(step));
        }
        assertRefused(nodes.get(1), first.accessToken());

        IssuedTokens next = nodes.get(1).service.refresh(first.refreshToken(), ClientInfo.unknown());

        assertEquals(
                first.session().id(),
                nodes.get(2).service.validate(next.accessToken()).sessionId());
    }

    /** The rule that {@link KeyRing} states and enforces: published first. Where it was got round, others refuse. */
    @Test
    void aKeyThatSignsBeforeItWasPublishedIsRefusedHereAndThere() {
        Node hasty = nodes.get(0);
        assertThrows(IllegalArgumentException.class, () -> hasty.keys.get().signingWith(NEXT));

        hasty.keys.set(KeyRing.of(NEXT, OLD.verificationKey()));
        String early = hasty.service.issue("alice", ClientInfo.unknown()).accessToken();
        nodes.stream().skip(1).forEach(node -> assertRefused(node, early));

        nodes.stream().skip(1).forEach(node -> node.keys.updateAndGet(ring -> ring.with(NEXT.verificationKey())));
        nodes.forEach(node -> assertEquals("alice", node.service.validate(early).userId()));
    }

    /** The last token that the former key signed is good to its last millisecond, and needs that key until then. */
    @Test
    void aKeyThatIsRetiredBeforeItsLastTokenHasExpiredLogsOut() {
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
    void afterATheftTheKeyIsGoneAtTheNextRequestAndUsersRefresh() {
        IssuedTokens stolen = nodes.get(0).service.issue("alice", ClientInfo.unknown());
        nodes.forEach(node -> node.keys.set(KeyRing.of(NEXT)));

        nodes.forEach(node -> assertRefused(node, stolen.accessToken()));
        IssuedTokens next = nodes.get(3).service.refresh(stolen.refreshToken(), ClientInfo.unknown());
        nodes.forEach(node ->
                assertEquals("alice", node.service.validate(next.accessToken()).userId()));
    }

    /** A call under way meets one ring, whole: of a live token none is ever refused while rings change. */
    @Test
    void ringsThatChangeWhileTokensAreValidatedRefuseNone() throws Exception {
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

    /** Rings without a key in common: what one half of a call took from one ring would not fit the other. */
    @Test
    void aCallMeetsTheOldRingOrTheNewOne() throws Exception {
        Node node = nodes.get(0);
        String old = node.service.issue("alice", ClientInfo.unknown()).accessToken();
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();

        whileRingsChange(node, KeyRing.of(OLD), KeyRing.of(NEXT), () -> {
            try {
                node.service.validate(old);
                accepted.incrementAndGet();
            } catch (InvalidTokenException e) {
                assertEquals(Reason.NOT_OURS, e.reason());
                refused.incrementAndGet();
            }
            node.service.issue("bob", ClientInfo.unknown());
        });
        System.out.println("validates while rings changed: " + accepted + " accepted, " + refused + " refused");
    }

    /** It may have been read anew, and the object of before be of no use any more. */
    @Test
    void aSignatureIsCheckedWithTheKeyOfTheRingAtHand() {
        TokenGate gate = TokenGate.ofSessions("at+jwt", "sid");
        String token = nodes.get(0).service.issue("alice", ClientInfo.unknown()).accessToken();
        KeyRing readAnew = KeyRing.of(SigningKey.ecdsa256(TestKeys.P256));

        gate.check(token, KeyRing.of(OLD));

        assertSame(readAnew.find(OLD.keyId()), gate.check(token, readAnew).key());
    }

    private static void whileRingsChange(Node node, KeyRing one, KeyRing other, Runnable calls) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Boolean> calling = () -> {
                for (int i = 0; i < 200 || !done.get(); i++) {
                    calls.run();
                    begun.countDown();
                }
                return true;
            };
            List<Future<Boolean>> callers = List.of(threads.submit(calling), threads.submit(calling));
            begun.await();
            for (int i = 0; i < 10_000 || !callers.stream().allMatch(Future::isDone); i++) {
                node.keys.set(i % 2 == 0 ? one : other);
                done.set(i >= 10_000);
            }
            for (Future<Boolean> caller : callers) {
                caller.get();
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
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
                Reason.NOT_OURS,
                assertThrows(InvalidTokenException.class, () -> node.service.validate(token))
                        .reason());
    }

    private final class Node {
        private final AtomicReference<KeyRing> keys = new AtomicReference<>(KeyRing.of(OLD));
        private final SessionAwareTokenService service = aServiceOn(store, keys::get)
                .accessTokenLifetime(ACCESS_TOKEN_LIFETIME)
                .leeway(LEEWAY)
                .refreshTokens(TestService.refreshSecret())
                .clock(clock)
                .build();
    }
}
