package io.github.sessionaware.testing.history;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.Revocation;
import io.github.sessionaware.testing.history.History.Span;
import io.github.sessionaware.testing.history.History.StepUp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a history shows of one session. Calls that overlap may have happened in either order. */
final class SessionTrace {
    private final Login login;
    private final LabelTrace labels = new LabelTrace();
    private final GenerationTrace generations;
    private final List<Revocation> ofThisSession = new ArrayList<>();
    private final Timeline<Revocation, Long, Long> ofSeveralOfTheUser;
    private final List<Sighting> sightings = new ArrayList<>();
    private Instant latestDeadline = Instant.MIN;
    private long firstSeen = Long.MAX_VALUE;
    /** Computed once, when all revocations are known. */
    private @Nullable Long firstRevoked;

    SessionTrace(Login login, Timeline<Revocation, Long, Long> ofSeveralOfTheUser) {
        this.login = login;
        this.generations = new GenerationTrace(login);
        this.ofSeveralOfTheUser = ofSeveralOfTheUser;
        seen(login.span(), login.session());
    }

    Login login() {
        return login;
    }

    LabelTrace labels() {
        return labels;
    }

    GenerationTrace generations() {
        return generations;
    }

    void seen(Span span, Session session) {
        sightings.add(new Sighting(span, session));
        labels.seen(span, session.label());
        generations.seen(span, session.authentication().time());
        latestDeadline = later(latestDeadline, session.expiresAt());
        firstSeen = Math.min(firstSeen, span.begin());
    }

    void steppedUp(StepUp stepUp) {
        seen(stepUp.span(), stepUp.session());
        generations.steppedUp(stepUp);
    }

    void revoked(Revocation revocation) {
        ofThisSession.add(revocation);
    }

    /** Returns when the first call began that showed the session. A list may begin before the login that it shows. */
    long firstSeen() {
        return firstSeen;
    }

    /** Returns the latest deadline that any call has shown. */
    Instant latestDeadline() {
        return latestDeadline;
    }

    boolean wasThereBefore(Span span) {
        return login.span().isBefore(span);
    }

    /** Tells whether a revocation that began after the login had returned was itself acknowledged before this call. */
    boolean wasRevokedBefore(Span span) {
        if (firstRevoked == null) {
            firstRevoked = firstRevoked();
        }
        return firstRevoked < span.begin();
    }

    private long firstRevoked() {
        long first = ofThisSession.stream()
                .filter(revocation -> login.span().isBefore(revocation.span()) && revocation.isAbout(login))
                .mapToLong(revocation -> revocation.span().end())
                .min()
                .orElse(Long.MAX_VALUE);
        for (Revocation revocation : (Iterable<Revocation>)
                ofSeveralOfTheUser.startedAfter(login.span().end())::iterator) {
            if (revocation.span().begin() >= first) {
                break;
            }
            if (revocation.isAbout(login)) {
                first = Math.min(first, revocation.span().end());
            }
        }
        return first;
    }

    /**
     * Tells whether a revocation may have ended the session after the last call that saw it and before this one ended.
     */
    boolean mayHaveBeenRevokedFor(Span span) {
        return Stream.concat(
                        ofThisSession.stream().filter(revocation -> mayHaveEndedItFor(span, revocation.span())),
                        ofSeveralOfTheUser.startedBy(span.end(), lastSeenBefore(span)))
                .anyMatch(revocation -> revocation.isAbout(login));
    }

    /**
     * Tells whether this ending may have happened after the last call that saw the session and before this one ended.
     */
    boolean mayHaveEndedItFor(Span span, Span ending) {
        return !span.isBefore(ending) && ending.end() >= lastSeenBefore(span);
    }

    /** Returns when the last call began that showed the session and returned before this one. */
    long lastSeenBefore(Span span) {
        return sightingsBefore(span)
                .mapToLong(sighting -> sighting.span().begin())
                .max()
                .orElse(Long.MIN_VALUE);
    }

    /** Returns the latest deadline that a call had shown before this one. Activity can only prolong a session. */
    Instant deadlineKnownBefore(Span span) {
        return sightingsBefore(span)
                .map(sighting -> sighting.session().expiresAt())
                .reduce(Instant.MIN, SessionTrace::later);
    }

    boolean hasLaterActivityBefore(Span span, Instant lastActiveAt) {
        return sightingsBefore(span)
                .anyMatch(sighting -> sighting.session().lastActiveAt().isAfter(lastActiveAt));
    }

    /** Tells whether the session may have been there, and not expired, at some moment of this call. */
    boolean mayHaveLivedIn(Span span) {
        return !wasRevokedBefore(span)
                && sightingsNotAfter(span)
                        .anyMatch(sighting -> sighting.session().expiresAt().isAfter(span.clockAtBegin()));
    }

    /** Returns the latest activity that a call had shown before this one. */
    Instant activityBefore(Span span) {
        return sightingsBefore(span)
                .map(sighting -> sighting.session().lastActiveAt())
                .reduce(SessionTrace::later)
                .orElse(login.session().lastActiveAt());
    }

    boolean mayHaveBeenActiveSince(Instant time, Span span) {
        return sightingsNotAfter(span)
                .anyMatch(sighting -> !sighting.session().lastActiveAt().isBefore(time));
    }

    private Stream<Sighting> sightingsBefore(Span span) {
        return sightings.stream().filter(sighting -> sighting.span().isBefore(span));
    }

    private Stream<Sighting> sightingsNotAfter(Span span) {
        return sightings.stream().filter(sighting -> !span.isBefore(sighting.span()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** A call that showed the session. */
    private record Sighting(Span span, Session session) {}
}
