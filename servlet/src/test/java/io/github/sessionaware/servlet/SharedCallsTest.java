package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.testing.Together;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedCallsTest {
    private final SharedCalls<Object> calls = new SharedCalls<>();

    @Test
    void aFailureReachesAllWhoWaitForIt() throws Exception {
        for (Throwable failure : List.of(new IllegalStateException("a failure"), new AssertionError("an error"))) {
            List<Throwable> thrown = Together.call(
                    3, caller -> assertThrows(Throwable.class, () -> calls.run("key", () -> failWith(failure))));

            thrown.forEach(one -> assertSame(failure, one));
        }
    }

    private static Object failWith(Throwable failure) {
        Waiting.await(2);
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    @Test
    void aCallAfterAnotherRunsAgain() {
        AtomicInteger runs = new AtomicInteger();

        assertEquals(1, calls.run("key", runs::incrementAndGet));
        assertThrows(
                IllegalStateException.class,
                () -> calls.run("key", () -> {
                    throw new IllegalStateException("a failure");
                }));
        assertEquals(2, calls.run("key", runs::incrementAndGet));
    }

    @Test
    void otherKeysDoNotWait() {
        assertEquals("inner", calls.run("key", () -> calls.run("another key", () -> "inner")));
    }
}
