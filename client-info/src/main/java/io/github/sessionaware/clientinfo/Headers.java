package io.github.sessionaware.clientinfo;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The headers of a request, in any framework. */
record Headers(Function<String, ? extends @Nullable List<String>> source) {

    List<String> all(String name) {
        List<String> values = source.apply(name);
        return values == null
                ? List.of()
                : values.stream().filter(Objects::nonNull).toList();
    }

    @Nullable
    String first(String name) {
        return all(name).stream().findFirst().orElse(null);
    }
}
