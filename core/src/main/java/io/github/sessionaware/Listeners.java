package io.github.sessionaware;

import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import io.github.sessionaware.SessionListener.Novelty;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies the listeners. A listener that throws affects neither the other listeners nor the caller. */
record Listeners(List<SessionListener> listeners, Consumer<Runnable> dispatcher) {
    private static final Logger log = LoggerFactory.getLogger(SessionListener.class);

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void created(SessionRecord session, List<SessionRecord> earlier) {
        if (isEmpty()) {
            return;
        }
        Set<Novelty> novelties = Origin.ofLogin(session)
                .newAmong(earlier.stream()
                        .filter(other -> other.category().equals(session.category()))
                        .map(Origin::ofLogin)
                        .toList());
        notifyEach(listener -> listener.sessionCreated(session.userId(), Session.of(session), novelties));
    }

    void refreshed(SessionRecord session, ClientInfo before) {
        notifyEach(listener -> listener.sessionRefreshed(session.userId(), Session.of(session), before));
    }

    void retried(SessionRecord session, ClientInfo retriedBy, Set<Novelty> differences) {
        notifyEach(listener -> listener.refreshRetried(session.userId(), Session.of(session), retriedBy, differences));
    }

    void retryRefused(SessionRecord session, ClientInfo retriedBy, Set<Novelty> differences) {
        notifyEach(listener ->
                listener.refreshRetryRefused(session.userId(), Session.of(session), retriedBy, differences));
    }

    void bound(SessionRecord session) {
        notifyEach(listener -> listener.deviceBound(session.userId(), Session.of(session)));
    }

    /** Asks for the client only if there are listeners. */
    void proofRefused(SessionRecord session, Supplier<ClientInfo> client, Refusal refusal) {
        if (!isEmpty()) {
            ClientInfo presentedBy = client.get();
            notifyEach(listener ->
                    listener.deviceProofRefused(session.userId(), Session.of(session), presentedBy, refusal));
        }
    }

    void renewalSkipped(String userId, String sessionId, String reason) {
        notifyEach(listener -> listener.deviceRenewalSkipped(userId, sessionId, reason));
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
}
