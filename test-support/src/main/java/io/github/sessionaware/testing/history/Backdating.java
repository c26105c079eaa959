package io.github.sessionaware.testing.history;

import io.github.sessionaware.testing.history.History.Acceptance;
import io.github.sessionaware.testing.history.History.Event;
import io.github.sessionaware.testing.history.History.Span;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Lets calls begin earlier. A node with a maximal staleness may accept a session as a strict node would have accepted
 * it earlier, by up to that time. So its answer is explained if it is the answer of a strict call that began that much
 * earlier.
 */
final class Backdating {
    /** For each time of the clock, the latest begin of a call that read this time or an earlier one. */
    private final NavigableMap<Instant, Long> begins = new TreeMap<>();

    private Backdating(List<Event> events) {
        for (Event event : events) {
            begins.merge(event.span().clockAtBegin(), event.span().begin(), Math::max);
        }
        long latest = Long.MIN_VALUE;
        for (Map.Entry<Instant, Long> entry : begins.entrySet()) {
            latest = Math.max(latest, entry.getValue());
            entry.setValue(latest);
        }
    }

    static List<Event> of(List<Event> events) {
        Backdating backdating = new Backdating(events);
        return events.stream()
                .map(event -> event instanceof Acceptance acceptance ? backdating.backdated(acceptance) : event)
                .toList();
    }

    private Event backdated(Acceptance acceptance) {
        if (acceptance.maxStaleness().isZero()) {
            return acceptance;
        }
        Span span = acceptance.span();
        Instant earliest = span.clockAtBegin().minus(acceptance.maxStaleness());
        // When this call began, the clock had not reached the time yet.
        Map.Entry<Instant, Long> before = begins.lowerEntry(earliest);
        long begin = before == null ? Long.MIN_VALUE : before.getValue();
        return new Acceptance(
                new Span(Math.min(begin, span.begin()), span.end(), earliest, span.clockAtEnd()),
                acceptance.session(),
                acceptance.generation(),
                acceptance.maxStaleness());
    }
}
