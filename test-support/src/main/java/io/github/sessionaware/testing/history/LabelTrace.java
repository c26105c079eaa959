package io.github.sessionaware.testing.history;

import io.github.sessionaware.testing.history.History.Renaming;
import io.github.sessionaware.testing.history.History.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a history shows of the label of one session. No two renamings give the same label, so a label tells which
 * renaming it comes from.
 */
final class LabelTrace {
    private final List<Renaming> renamings = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();

    void renamed(Renaming renaming) {
        renamings.add(renaming);
    }

    void seen(Span span, @Nullable String label) {
        sightings.add(new Sighting(span, label));
    }

    /** Tells whether some order of the calls explains that this call saw this label. */
    boolean explains(Span span, @Nullable String label) {
        Stream<Renaming> doneBefore = renamings.stream().filter(renaming -> wasDoneBefore(span, renaming));
        if (label == null) {
            return doneBefore.findAny().isEmpty();
        }
        return renamings.stream()
                .filter(renaming -> renaming.label().equals(label) && !span.isBefore(renaming.span()))
                .findAny()
                .filter(renaming ->
                        doneBefore.noneMatch(later -> renaming.span().isBefore(later.span())))
                .isPresent();
    }

    /** A renaming is done when its call has returned, or when a call that saw its label has returned. */
    private boolean wasDoneBefore(Span span, Renaming renaming) {
        return renaming.span().isBefore(span)
                || sightings.stream()
                        .anyMatch(sighting -> Objects.equals(sighting.label(), renaming.label())
                                && sighting.span().isBefore(span));
    }

    /** A call that saw this label, or no label. */
    private record Sighting(Span span, @Nullable String label) {}
}
