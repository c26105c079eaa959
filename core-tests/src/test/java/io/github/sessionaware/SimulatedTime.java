package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * The true time of two nodes, and the clocks that each of them sees. The machine of a node may sleep, and its wall
 * clock may be set.
 */
final class SimulatedTime {
    private final AtomicReference<State> state = new AtomicReference<>(new State(0, new Node(0, 0), new Node(0, 0)));

    /** Returns the true time in milliseconds. */
    long millis() {
        return state.get().millis();
    }

    void advance(long millis) {
        state.updateAndGet(seen -> seen.after(millis));
    }

    /** Time passes. The monotonic clock of the node stands still. */
    void sleep(boolean one, Duration by) {
        state.updateAndGet(seen ->
                seen.after(by.toMillis()).with(one, node -> new Node(node.slept() + by.toMillis(), node.isSetBy())));
    }

    /** Sets the wall clock of the node by so much off the true time. */
    void set(boolean one, Duration by) {
        state.updateAndGet(seen -> seen.with(one, node -> new Node(node.slept(), by.toMillis())));
    }

    NodeClocks of(boolean one) {
        return new NodeClocks(
                () -> {
                    State seen = state.get();
                    return (seen.millis() - seen.of(one).slept()) * 1_000_000;
                },
                new ServiceClock(() -> {
                    State seen = state.get();
                    return START.plusMillis(seen.millis() + seen.of(one).isSetBy());
                }));
    }

    private record Node(long slept, long isSetBy) {}

    private record State(long millis, Node one, Node other) {
        Node of(boolean isOne) {
            return isOne ? one : other;
        }

        State after(long more) {
            return new State(millis + more, one, other);
        }

        State with(boolean isOne, UnaryOperator<Node> change) {
            return isOne ? new State(millis, change.apply(one), other) : new State(millis, one, change.apply(other));
        }
    }
}
