package io.github.sessionaware;

import io.github.sessionaware.SessionListener.Novelty;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies the listeners. A listener that throws affects neither the other listeners nor the caller. */
record Listeners(List<SessionListener> listeners, Consumer<Runnable> dispatcher) {
    private static final Logger log = LoggerFactory.getLogger(SessionListener.class);
    private static final Pattern VERSION = Pattern.compile("[0-9][0-9._]*");

    /** A detail such as the model of a telephone, which a browser may send at one login and omit at another. */
    private static final Pattern DETAIL = Pattern.compile(" \\([^()]*\\)$");

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void created(SessionRecord session, List<SessionRecord> earlier) {
        if (isEmpty()) {
            return;
        }
        Set<Novelty> novelties = novelties(
                session.client(),
                earlier.stream()
                        .filter(other -> !SessionLifetime.isTombstone(other))
                        .toList());
        notifyEach(listener -> listener.sessionCreated(session.userId(), Session.of(session), novelties));
    }

    void refreshed(SessionRecord session) {
        notifyEach(listener -> listener.sessionRefreshed(session.userId(), Session.of(session)));
    }

    void reauthenticated(SessionRecord session) {
        notifyEach(listener -> listener.sessionReauthenticated(session.userId(), Session.of(session)));
    }

    void ended(SessionRecord session, EndCause cause) {
        notifyEach(listener -> listener.sessionEnded(session.userId(), Session.of(session), cause));
    }

    void reused(SessionRecord session, ClientInfo presentedBy) {
        notifyEach(listener -> listener.refreshTokenReused(session.userId(), Session.of(session), presentedBy));
    }

    private void notifyEach(Consumer<SessionListener> event) {
        for (SessionListener listener : listeners) {
            guarded(listener, () -> dispatcher.accept(() -> guarded(listener, () -> event.accept(listener))));
        }
    }

    /** Catches errors too: a missing class or a stack overflow in a listener must not fail the call. */
    private static void guarded(SessionListener listener, Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            Warnings.log(
                    log,
                    "A session listener failed or could not be notified; the session change is not affected: {}, {}",
                    listener.getClass().getName(),
                    e.getClass().getName());
        }
    }

    private static Set<Novelty> novelties(ClientInfo client, List<SessionRecord> earlier) {
        Set<Novelty> novelties = EnumSet.noneOf(Novelty.class);
        if (!earlier.isEmpty()) {
            if (isNew(client, earlier, Listeners::family)) {
                novelties.add(Novelty.DEVICE);
            }
            if (isNew(client, earlier, known -> NetworkPrefix.of(known.ipAddress()))) {
                novelties.add(Novelty.NETWORK);
            }
        }
        return Set.copyOf(novelties);
    }

    /** Unknown device information is never new. */
    private static boolean isNew(
            ClientInfo client, List<SessionRecord> earlier, Function<ClientInfo, @Nullable String> trait) {
        String now = trait.apply(client);
        return now != null && earlier.stream().noneMatch(session -> now.equals(trait.apply(session.client())));
    }

    private static @Nullable String family(ClientInfo client) {
        String name = client.device() == null
                ? client.userAgent()
                : DETAIL.matcher(client.device()).replaceFirst("");
        return name == null ? null : VERSION.matcher(name).replaceAll("").strip();
    }
}
