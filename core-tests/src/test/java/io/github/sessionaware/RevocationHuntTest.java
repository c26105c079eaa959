package io.github.sessionaware;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No session is accepted longer after its revocation than the bound allows, whatever the clocks do. */
class RevocationHuntTest {
    /** A busy machine may take long until the right calls meet. */
    private static final Duration AT_MOST = Duration.ofMinutes(10);

    @Test
    void aShortHuntFindsNoYesBeyondTheBound() throws Exception {
        hunt(Duration.ofSeconds(2));
    }

    /** To hunt longer, set the system property {@code hunt.seconds}. */
    @Test
    @Tag("thorough")
    void aLongHuntFindsNoYesBeyondTheBound() throws Exception {
        hunt(Duration.ofSeconds(Integer.getInteger("hunt.seconds", 20)));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "WITHOUT_THE_STAMP",
                "TAKES_THE_STAMP_AFTER_THE_READ",
                "TAKES_THE_TIME_AFTER_THE_READ",
                "DOES_NOT_ASK_THE_WALL_CLOCK",
                "DOES_NOT_ASK_THE_MONOTONIC_CLOCK",
                "DOES_NOT_EVICT_AFTER_A_DELETE",
                "DOES_NOT_EVICT_AFTER_A_DELETE_OF_ALL",
                "DOES_NOT_EVICT_AFTER_A_REPLACE"
            })
    @Tag("thorough")
    void theHuntCatchesTheMissingStep(BrokenReads twin) throws Exception {
        RevocationHunt hunt = new RevocationHunt(twin::of, RevocationHunt::whole);
        BooleanSupplier isInTime = isWithin(AT_MOST);
        hunt.run(() -> hunt.isWithinTheBound() && isInTime.getAsBoolean());

        assertFalse(hunt.isWithinTheBound(), hunt::report);
    }

    private static void hunt(Duration duration) throws Exception {
        RevocationHunt hunt = new RevocationHunt(RevocationHunt::whole, RevocationHunt::whole);
        BooleanSupplier isShort = isWithin(duration);
        BooleanSupplier isInTime = isWithin(AT_MOST);
        hunt.run(() -> isShort.getAsBoolean() || (!hunt.hasMetOldAnswers() && isInTime.getAsBoolean()));
        System.out.println(hunt.report());

        assertTrue(hunt.isWithinTheBound(), hunt::report);
        assertTrue(hunt.hasMetOldAnswers(), hunt::report);
    }

    private static BooleanSupplier isWithin(Duration duration) {
        long begin = System.nanoTime();
        return () -> System.nanoTime() - begin < duration.toNanos();
    }
}
