package io.github.sessionaware;

import static io.github.sessionaware.BoundedNode.BOUND;
import static io.github.sessionaware.BoundedNode.CLIENT;
import static io.github.sessionaware.testing.TestService.aServiceOn;

import io.github.sessionaware.testing.RandomRuns;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import io.github.sessionaware.testing.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a session that is accepted too long after its revocation. Two nodes validate and revoke the same sessions
 * from many threads. Reads take long, machines sleep, and clocks are set. The true time is simulated, so the age of a
 * yes is exact.
 */
final class RevocationHunt {
    private static final int THREADS = 8;
    private static final int SESSIONS = 32;
    private static final Duration FOREVER = Duration.ofDays(3650);

    /** No number of these is as long as a number of the steps of a clock, so no two faults hide each other. */
    private static final Duration SLEEP = Duration.ofSeconds(7);

    private static final Duration STEP = Duration.ofMinutes(10);

    private final SimulatedTime time = new SimulatedTime();
    private final ReferenceStore shared = new ReferenceStore();
    private final SplittableRandom seeds = new SplittableRandom(RandomRuns.seed());
    private final Node one;
    private final Node other;
    private final List<Slot> slots = new ArrayList<>();

    private final AtomicLong validates = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong revocations = new AtomicLong();

    /** How long after a revocation on the other node had returned, a validate began that accepted the session. */
    private final LongAccumulator oldestYes = new LongAccumulator(Math::max, -1);

    /** The same for a revocation on the same node. */
    private final LongAccumulator oldestYesOfSameNode = new LongAccumulator(Math::max, -1);

    /** Creates a hunt. Each node has the reads that the function makes of its clocks. */
    RevocationHunt(Function<NodeClocks, RecentReads> readsOfOne, Function<NodeClocks, RecentReads> readsOfOther) {
        one = new Node(true, readsOfOne);
        other = new Node(false, readsOfOther);
        for (int i = 0; i < SESSIONS; i++) {
            slots.add(new Slot("user " + i % (SESSIONS / 2)));
        }
    }

    static RecentReads whole(NodeClocks clocks) {
        return new RecentReads(
                BOUND, clocks.monotonic(), clocks.wall(), RecentReads.memoryFor(BOUND, 1L << 26), SessionMetrics.NOOP);
    }

    void run(BooleanSupplier goesOn) throws Exception {
        List<Callable<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = seeds.split();
            threads.add(() -> {
                while (goesOn.getAsBoolean()) {
                    act(random);
                }
                return true;
            });
        }
        Together.call(threads);
    }

    private void act(SplittableRandom random) {
        time.advance(random.nextInt(20));
        Node node = random.nextBoolean() ? one : other;
        Slot slot = slots.get(random.nextInt(slots.size()));
        int dice = random.nextInt(10_000);
        if (dice < 5) {
            time.sleep(random.nextBoolean(), SLEEP);
        } else if (dice < 15) {
            time.set(random.nextBoolean(), STEP.multipliedBy(random.nextInt(3) - 1));
        } else if (dice < 300) {
            slot.end(node, random);
        } else {
            slot.validate(node);
        }
    }

    boolean isWithinTheBound() {
        return oldestYes.get() <= BOUND.toMillis() && oldestYesOfSameNode.get() < 0;
    }

    /** Returns whether the hunt was long enough to have met what it looks for. */
    boolean hasMetOldAnswers() {
        return oldestYes.get() > BOUND.toMillis() / 2 && reads.get() < validates.get();
    }

    /** Says how old the oldest yes was. */
    String report() {
        return String.format(
                Locale.ROOT,
                "oldest yes after a returned revoke: %,d ms, bound: %,d ms; on the node that revoked: %s; %,d validates,"
                        + " %,d of them from memory, %,d revocations",
                oldestYes.get(),
                BOUND.toMillis(),
                oldestYesOfSameNode.get() < 0 ? "none" : oldestYesOfSameNode.get() + " ms",
                validates.get(),
                validates.get() - reads.get(),
                revocations.get());
    }

    /** A service whose reads may take seconds of the true time. */
    private final class Node {
        private final SessionAwareTokenService service;

        Node(boolean isOne, Function<NodeClocks, RecentReads> readsOfNode) {
            NodeClocks clocks = time.of(isOne);
            SplittableRandom random = seeds.split();
            SessionStore slow = new StoreWrapper(shared) {
                @Override
                public Optional<SessionRecord> find(String userId, String sessionId) {
                    reads.incrementAndGet();
                    Optional<SessionRecord> found = super.find(userId, sessionId);
                    letTimePass(slowness(random));
                    return found;
                }
            };
            ServiceSettings settings = aServiceOn(slow)
                    .clock(clocks.wall()::now)
                    .absoluteTimeout(FOREVER)
                    .idleTimeout(FOREVER)
                    .accessTokenLifetime(FOREVER)
                    .activityInterval(Duration.ofSeconds(20))
                    .settings();
            service = BoundedNode.withReads(settings, readsOfNode.apply(clocks), slow);
        }

        private static int slowness(SplittableRandom random) {
            synchronized (random) {
                return random.nextInt(20) == 0 ? random.nextInt(4_000) : 0;
            }
        }

        /** Lets other threads run until so much of the true time has passed. */
        @SuppressWarnings("ThreadPriorityCheck") // The other threads move the time.
        private void letTimePass(int millis) {
            long end = time.millis() + millis;
            for (int i = 0; i < 500 && time.millis() < end; i++) {
                Thread.yield();
            }
        }
    }

    /** A session, and how it ended. A new one takes its place once no node may accept it any more. */
    private final class Slot {
        private final String userId;
        private volatile @Nullable Life life;

        Slot(String userId) {
            this.userId = userId;
        }

        void validate(Node node) {
            Life present = life;
            End end = present == null ? null : present.end;
            if (present == null || (end != null && time.millis() - end.returned() > 3 * BOUND.toMillis())) {
                life = new Life(one.service.issue(userId, CLIENT));
                return;
            }
            // The end is known, so its call has returned before this validate begins.
            long begin = time.millis();
            validates.incrementAndGet();
            try {
                node.service.validate(present.tokens.accessToken());
            } catch (InvalidTokenException e) {
                return;
            }
            if (end != null) {
                (end.node() == node ? oldestYesOfSameNode : oldestYes).accumulate(begin - end.returned());
            }
        }

        void end(Node node, SplittableRandom random) {
            Life present = life;
            if (present == null || present.end != null) {
                return;
            }
            switch (random.nextInt(3)) {
                case 0 ->
                    node.service.revokeSession(userId, present.tokens.session().id());
                case 1 -> node.service.revokeAllSessions(userId);
                default -> {
                    try {
                        node.service.reauthenticate(node.service.validate(present.tokens.accessToken()));
                    } catch (InvalidTokenException e) {
                        return;
                    }
                }
            }
            revocations.incrementAndGet();
            present.end = new End(node, time.millis());
        }
    }

    private static final class Life {
        private final IssuedTokens tokens;
        private volatile @Nullable End end;

        Life(IssuedTokens tokens) {
            this.tokens = tokens;
        }
    }

    /** The session was revoked, or its authentication was renewed, by a call that returned at this time. */
    private record End(Node node, long returned) {}
}
