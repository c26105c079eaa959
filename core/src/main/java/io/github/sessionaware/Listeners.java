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

/** Tells the listeners, each for itself: one that throws takes nothing from the others nor from the caller. */
record Listeners(List<SessionListener> listeners, Consumer<Runnable> telling) {
    private static final Logger log = LoggerFactory.getLogger(SessionListener.class);
    private static final Pattern VERSION = Pattern.compile("[0-9][0-9._]*");

    /** Such as the model of a telephone, which a browser may tell at one login and not at another. */
    private static final Pattern DETAIL = Pattern.compile(" \\([^()]*\\)$");

    boolean areThere() {
        return !listeners.isEmpty();
    }

    void created(Session session, List<Session> earlier) {
        if (!areThere()) {
            return;
        }
        Set<Novelty> novelties = novelties(session.client(), earlier);
        tell(listener -> listener.sessionCreated(session, novelties));
    }

    void refreshed(Session session) {
        tell(listener -> listener.sessionRefreshed(session));
    }

    void reauthenticated(Session former, Session session) {
        tell(listener -> listener.sessionReauthenticated(former, session));
    }

    void ended(Session session, EndCause cause) {
        tell(listener -> listener.sessionEnded(session, cause));
    }

    void reused(Session session, ClientInfo presentedBy) {
        tell(listener -> listener.refreshTokenReused(session, presentedBy));
    }

    private void tell(Consumer<SessionListener> event) {
        for (SessionListener listener : listeners) {
            guarded(listener, () -> telling.accept(() -> guarded(listener, () -> event.accept(listener))));
        }
    }

    /** Errors too: what a listener lacks or does to the stack is not the caller's fault. */
    private static void guarded(SessionListener listener, Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            Warnings.log(
                    log,
                    "A session listener was not told, or failed, which changes nothing: {}, {}",
                    listener.getClass().getName(),
                    e.getClass().getName());
        }
    }

    private static Set<Novelty> novelties(ClientInfo client, List<Session> earlier) {
        Set<Novelty> novelties = EnumSet.noneOf(Novelty.class);
        if (!earlier.isEmpty()) {
            if (isNew(client, earlier, Listeners::family)) {
                novelties.add(Novelty.DEVICE);
            }
            if (isNew(client, earlier, known -> NetworkPrefix.of(known.ipAddress()))) {
                novelties.add(Novelty.ADDRESS);
            }
        }
        return Set.copyOf(novelties);
    }

    /** What is not known is not new. */
    private static boolean isNew(
            ClientInfo client, List<Session> earlier, Function<ClientInfo, @Nullable String> trait) {
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
