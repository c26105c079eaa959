package io.github.sessionaware.testing.history;

import static io.github.sessionaware.testing.TestService.START;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.Span;
import io.github.sessionaware.testing.history.History.StepUp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A login from 10 to 20, a step-up from 30 to 40 and another from 50 to 60. */
class GenerationTraceTest {
    private static final Instant FIRST = START;
    private static final Instant SECOND = START.plusSeconds(1);
    private static final Instant THIRD = START.plusSeconds(2);
    private static final StepUp TO_SECOND = new StepUp(span(30, 40), session(SECOND), 2);
    private static final StepUp TO_THIRD = new StepUp(span(50, 60), session(THIRD), 3);

    private final GenerationTrace trace = new GenerationTrace(new Login(span(10, 20), "alice", session(FIRST)));

    @Test
    void aGenerationIsReplacedForEveryCallThatBeginsAfterTheStepUpHasReturned() {
        trace.steppedUp(TO_SECOND);

        assertFalse(trace.wasReplacedBefore(span(35, 70), 1), "The calls overlap, so this one may have been first");
        assertFalse(trace.wasReplacedBefore(span(40, 70), 1));
        assertTrue(trace.wasReplacedBefore(span(41, 70), 1));
        assertFalse(trace.wasReplacedBefore(span(41, 70), 2));
    }

    @Test
    void anyLaterStepUpReplacesAGeneration() {
        trace.steppedUp(TO_THIRD);

        assertTrue(trace.wasReplacedBefore(span(61, 70), 1));
        assertTrue(trace.wasReplacedBefore(span(61, 70), 2));
        assertFalse(trace.wasReplacedBefore(span(61, 70), 3));
    }

    @Test
    void aGenerationMayBeReplacedForEveryCallThatEndsAfterTheStepUpHasBegun() {
        trace.steppedUp(TO_SECOND);

        assertFalse(trace.mayHaveBeenReplacedFor(span(21, 29), 1));
        assertTrue(trace.mayHaveBeenReplacedFor(span(21, 30), 1));
        assertTrue(trace.mayHaveBeenReplacedFor(span(70, 80), 1));
        assertFalse(trace.mayHaveBeenReplacedFor(span(70, 80), 2));
    }

    @Test
    void aStepUpThatAnotherCallHasSeenIsDoneBeforeItReturns() {
        trace.steppedUp(TO_SECOND);
        trace.seen(span(31, 33), SECOND);

        assertFalse(trace.wasReplacedBefore(span(33, 70), 1));
        assertTrue(trace.wasReplacedBefore(span(34, 35), 1));
        assertFalse(trace.explains(span(34, 35), FIRST));
        assertTrue(trace.explains(span(34, 35), SECOND));
    }

    @Test
    void aCallThatSawALaterStepUpHasSeenTheEarlierOnes() {
        trace.steppedUp(TO_SECOND);
        trace.steppedUp(TO_THIRD);
        trace.seen(span(51, 53), THIRD);

        assertTrue(trace.wasReplacedBefore(span(54, 55), 2));
        assertFalse(trace.explains(span(54, 55), SECOND));
    }

    /** The clock stood still between the login and the step-up. */
    @Test
    void aCallThatSawTheTimeOfTwoGenerationsProvesNeither() {
        trace.steppedUp(new StepUp(span(30, 40), session(FIRST), 2));
        trace.seen(span(31, 33), FIRST);

        assertFalse(trace.wasReplacedBefore(span(34, 35), 1));
        assertTrue(trace.explains(span(70, 80), FIRST), "It is the time of the second generation");
    }

    @Test
    void anAuthenticationIsExplainedFromItsBeginUntilTheNextHasReturned() {
        trace.steppedUp(TO_SECOND);

        assertTrue(trace.explains(span(21, 29), FIRST));
        assertTrue(trace.explains(span(35, 36), FIRST));
        assertFalse(trace.explains(span(41, 70), FIRST));
        assertFalse(trace.explains(span(21, 29), SECOND), "Nobody has begun to give it");
        assertTrue(trace.explains(span(21, 30), SECOND));
        assertTrue(trace.explains(span(41, 70), SECOND));
        assertFalse(trace.explains(span(41, 70), THIRD), "Nobody gave it");
    }

    @Test
    void aGenerationHasTheTimeOfTheCallThatGaveIt() {
        trace.steppedUp(TO_SECOND);

        assertTrue(trace.isOf(1, FIRST) && trace.isOf(2, SECOND));
        assertFalse(trace.isOf(1, SECOND) || trace.isOf(2, FIRST) || trace.isOf(3, SECOND));
    }

    @Test
    void aGenerationIsGivenOnce() {
        StepUp rival = new StepUp(span(35, 45), session(THIRD), 2);
        trace.steppedUp(TO_SECOND);
        assertFalse(trace.wasGivenTwice(TO_SECOND));

        trace.steppedUp(rival);

        assertTrue(trace.wasGivenTwice(TO_SECOND) && trace.wasGivenTwice(rival));
    }

    private static Span span(long begin, long end) {
        return new Span(begin, end, START, START);
    }

    private static Session session(Instant authenticatedAt) {
        return new Session(
                "A".repeat(22),
                "device",
                ClientInfo.unknown(),
                null,
                Map.of(),
                START,
                START,
                START.plusSeconds(60),
                new Authentication(authenticatedAt, List.of()),
                false,
                true);
    }
}
