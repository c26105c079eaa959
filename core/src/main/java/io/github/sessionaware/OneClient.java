package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The answer of the application, for all attempts of one call. Not thread-safe. */
final class OneClient implements Supplier<ClientInfo> {
    private final Supplier<ClientInfo> source;
    private @Nullable ClientInfo known;

    OneClient(Supplier<ClientInfo> source) {
        this.source = source;
    }

    @Override
    public ClientInfo get() {
        ClientInfo client = known;
        if (client == null) {
            client = requireNonNull(source.get(), "client returned null");
            known = client;
        }
        return client;
    }
}
