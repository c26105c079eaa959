package io.github.sessionaware.testing.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Items that last from a start to an end, in order of their start. A search visits the items that can match and few
 * others, so checking a history takes time in proportion to its length. Starts and ends need not be of the same clock.
 */
final class Timeline<T, S extends Comparable<S>, E extends Comparable<E>> {
    private final List<T> items;
    private final List<S> starts;
    private final List<E> ends;
    /** At each place the latest end up to it, which tells a search where to stop. */
    private final List<E> latestEnds;

    Timeline(Collection<T> unordered, Function<T, S> start, Function<T, E> end) {
        items = unordered.stream().sorted(Comparator.comparing(start)).toList();
        starts = items.stream().map(start).toList();
        ends = items.stream().map(end).toList();
        latestEnds = latestUpToEach(ends);
    }

    /**
     * Returns the items that start at this time or before and end at that time or after, from the last to the first.
     */
    Stream<T> startedBy(S start, E end) {
        return IntStream.iterate(
                        countStartedBy(start) - 1,
                        i -> i >= 0 && latestEnds.get(i).compareTo(end) >= 0,
                        i -> i - 1)
                .filter(i -> ends.get(i).compareTo(end) >= 0)
                .mapToObj(items::get);
    }

    /** Returns the items that start after this time, from the first to the last. */
    Stream<T> startedAfter(S start) {
        return items.subList(countStartedBy(start), items.size()).stream();
    }

    private int countStartedBy(S start) {
        int low = 0;
        int high = starts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (starts.get(middle).compareTo(start) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static <E extends Comparable<E>> List<E> latestUpToEach(List<E> ends) {
        List<E> latest = new ArrayList<>();
        for (E end : ends) {
            E before = latest.isEmpty() ? end : latest.get(latest.size() - 1);
            latest.add(before.compareTo(end) > 0 ? before : end);
        }
        return latest;
    }
}
