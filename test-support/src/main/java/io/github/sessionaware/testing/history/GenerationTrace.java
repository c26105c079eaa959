package io.github.sessionaware.testing.history;

import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.Span;
import io.github.sessionaware.testing.history.History.StepUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a history shows of the generations of one session. The login gives the first generation, and each step-up gives
 * the next. A step-up needs the tokens of the generation before, so times of authentication never decrease.
 */
final class GenerationTrace {
    private final Login login;
    private final List<StepUp> stepUps = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();

    GenerationTrace(Login login) {
        this.login = login;
    }

    void steppedUp(StepUp stepUp) {
        stepUps.add(stepUp);
    }

    void seen(Span span, Instant authenticatedAt) {
        sightings.add(new Sighting(span, authenticatedAt));
    }

    /** Tells whether another call gave this generation too. */
    boolean wasGivenTwice(StepUp stepUp) {
        return stepUps.stream()
                        .filter(other -> other.generation() == stepUp.generation())
                        .count()
                > 1;
    }

    /** Tells whether a step-up had replaced this generation before the call began. */
    boolean wasReplacedBefore(Span span, int generation) {
        return laterThan(generation).anyMatch(stepUp -> wasDoneBefore(span, stepUp));
    }

    /** Tells whether a step-up may have replaced this generation before the call ended. */
    boolean mayHaveBeenReplacedFor(Span span, int generation) {
        return laterThan(generation).anyMatch(stepUp -> !span.isBefore(stepUp.span()));
    }

    /** Tells whether the login or the step-up that gave this generation was at this time. */
    boolean isOf(int generation, Instant authenticatedAt) {
        return generation == 1
                ? authenticatedAt.equals(login.session().authentication().time())
                : stepUps.stream()
                        .anyMatch(
                                stepUp -> stepUp.generation() == generation && authenticatedAt.equals(timeOf(stepUp)));
    }

    /** Tells whether some order of the calls explains that this call saw this time of the authentication. */
    boolean explains(Span span, Instant authenticatedAt) {
        boolean isOfLogin =
                authenticatedAt.equals(login.session().authentication().time());
        return (isOfLogin && !wasReplacedBefore(span, 1))
                || stepUps.stream()
                        .filter(stepUp -> authenticatedAt.equals(timeOf(stepUp)) && !span.isBefore(stepUp.span()))
                        .anyMatch(stepUp -> !wasReplacedBefore(span, stepUp.generation()));
    }

    /** A step-up is done when its call has returned, or when a call that saw it has returned. */
    private boolean wasDoneBefore(Span span, StepUp stepUp) {
        return stepUp.span().isBefore(span)
                || sightings.stream().anyMatch(sighting -> sighting.span().isBefore(span) && shows(sighting, stepUp));
    }

    /** A step-up at the same time as the one before cannot be told from it. */
    private boolean shows(Sighting sighting, StepUp stepUp) {
        Instant time = timeOf(stepUp);
        return !sighting.authenticatedAt().isBefore(time)
                && time.isAfter(login.session().authentication().time())
                && stepUps.stream()
                        .noneMatch(other -> other.generation() < stepUp.generation()
                                && timeOf(other).equals(time));
    }

    private Stream<StepUp> laterThan(int generation) {
        return stepUps.stream().filter(stepUp -> stepUp.generation() > generation);
    }

    private static Instant timeOf(StepUp stepUp) {
        return stepUp.session().authentication().time();
    }

    /** A call that saw this time of the authentication. */
    private record Sighting(Span span, Instant authenticatedAt) {}
}
