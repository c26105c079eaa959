package io.github.sessionaware.testing.history;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.history.History.Login;
import io.github.sessionaware.testing.history.History.Revocation;
import io.github.sessionaware.testing.history.History.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a history shows of one session. Calls that overlap may have happened in either order. */
final class SessionTrace {
    private final Login login;
    private final LabelTrace labels;
    private final List<Revocation> ofThisSession = new ArrayList<>();
    private final List<Revocation> ofSeveralOfTheUser;
    private final List<Sighting> sightings = new ArrayList<>();

    /** Spares looking through the sightings of what has long been over. */
    private Instant latestDeadline = Instant.MIN;

    SessionTrace(Login login, LabelTrace labels, List<Revocation> ofSeveralOfTheUser) {
        this.login = login;
        this.labels = labels;
        this.ofSeveralOfTheUser = ofSeveralOfTheUser;
        seen(login.span(), login.session());
    }

    Login login() {
        return login;
    }

    LabelTrace labels() {
        return labels;
    }

    void seen(Span span, Session session) {
        sightings.add(new Sighting(span, session));
        labels.seen(span, session.label());
        latestDeadline = session.expiresAt().isAfter(latestDeadline) ? session.expiresAt() : latestDeadline;
    }

    void revoked(Revocation revocation) {
        ofThisSession.add(revocation);
    }

    boolean wasThereBefore(Span span) {
        return login.span().isBefore(span);
    }

    /**
     * Whether a revocation that began after the login had been acknowledged before this. One that was to keep the
     * session under a former id may have done so.
     */
    boolean wasRevokedBefore(Span span) {
        return revocations()
                .filter(revocation -> !login.formerIds().contains(revocation.named()))
                .anyMatch(revocation ->
                        revocation.span().isBefore(span) && login.since().isBefore(revocation.span()));
    }

    /** Whether a revocation since the session was last seen may have ended it for this call. */
    boolean mayHaveBeenRevokedFor(Span span) {
        return revocations().anyMatch(revocation -> mayHaveEndedItFor(span, revocation.span()));
    }

    /** Whether what else ends sessions may have done it between the last time it was seen and the end of this call. */
    boolean mayHaveEndedItFor(Span span, Span ending) {
        return !span.isBefore(ending) && sightingsBefore(span).noneMatch(sighting -> ending.isBefore(sighting.span()));
    }

    /** Whether somebody had been told before this that it lives beyond that time; activity can only prolong it. */
    boolean wasToLiveBeyond(Instant time, Span span) {
        return latestDeadline.isAfter(time)
                && sightingsBefore(span)
                        .anyMatch(sighting -> sighting.session().expiresAt().isAfter(time));
    }

    boolean hasLaterActivityBefore(Span span, Instant lastActiveAt) {
        return sightingsBefore(span)
                .anyMatch(sighting -> sighting.session().lastActiveAt().isAfter(lastActiveAt));
    }

    /** Whether it may have been there, and not expired, at some moment of this call. */
    boolean mayHaveLivedIn(Span span) {
        return !wasRevokedBefore(span)
                && sightingsNotAfter(span)
                        .anyMatch(sighting -> sighting.session().expiresAt().isAfter(span.clockAtBegin()));
    }

    /** The latest activity of which somebody had been told before. */
    Instant activityBefore(Span span) {
        return sightingsBefore(span)
                .map(sighting -> sighting.session().lastActiveAt())
                .max(Comparator.naturalOrder())
                .orElse(login.session().lastActiveAt());
    }

    boolean mayHaveBeenActiveSince(Instant time, Span span) {
        return sightingsNotAfter(span)
                .anyMatch(sighting -> !sighting.session().lastActiveAt().isBefore(time));
    }

    private Stream<Revocation> revocations() {
        return Stream.concat(ofThisSession.stream(), ofSeveralOfTheUser.stream())
                .filter(revocation -> revocation.isAbout(login.session()));
    }

    private Stream<Sighting> sightingsBefore(Span span) {
        return sightings.stream().filter(sighting -> sighting.span().isBefore(span));
    }

    private Stream<Sighting> sightingsNotAfter(Span span) {
        return sightings.stream().filter(sighting -> !span.isBefore(sighting.span()));
    }

    /** An answer that said that the session is there. */
    private record Sighting(Span span, Session session) {}
}
