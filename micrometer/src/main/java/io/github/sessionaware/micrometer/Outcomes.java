package io.github.sessionaware.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The counters of one name. Their tags are the outcome of a call and, if it was refused, the reason.
 *
 * @param <E> the reasons
 */
final class Outcomes<E extends Enum<E>> {
    private final MeterRegistry registry;
    private final String name;
    private final String unit;
    private final String description;
    private final Counter accepted;
    private final Map<E, Counter> refused;

    /** Registers the counters of accepted calls and of these reasons. */
    Outcomes(MeterRegistry registry, String name, String unit, String description, Set<E> reasons, Class<E> type) {
        this.registry = registry;
        this.name = name;
        this.unit = unit;
        this.description = description;
        this.accepted = register("accepted");
        this.refused = new EnumMap<>(type);
        reasons.forEach(reason -> refused.put(reason, registerRefused(reason)));
    }

    void accepted() {
        accepted.increment();
    }

    /** Registers a counter now if the reason is not among those of the constructor. */
    void refused(E reason) {
        Counter counter = refused.get(reason);
        (counter == null ? registerRefused(reason) : counter).increment();
    }

    /** Registers the counter of an outcome that has no reason. */
    Counter register(String outcome) {
        return register(outcome, "none");
    }

    private Counter registerRefused(E reason) {
        return register("refused", tag(reason));
    }

    private Counter register(String outcome, String reason) {
        return Counter.builder(name)
                .baseUnit(unit)
                .description(description)
                .tag("outcome", outcome)
                .tag("reason", reason)
                .register(registry);
    }

    static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
