package io.github.sessionaware.examples.devices;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers for each user the latest time that somebody else tried to renew a session that is bound to its device. A
 * real application keeps it in its database.
 */
final class RefusedProofs implements SessionListener {
    private final Map<String, RefusedProof> latest = new ConcurrentHashMap<>();
    private final InstantSource clock;

    RefusedProofs(InstantSource clock) {
        this.clock = clock;
    }

    /** A proof that was worth nothing, and who presented it. */
    record RefusedProof(Session session, ClientInfo presentedBy, Instant time) {}

    @Override
    public void deviceProofRefused(String userId, Session session, ClientInfo presentedBy, Refusal refusal) {
        ClientInfo owner = session.client();
        // A browser that lost an answer presents its proof again.
        boolean isOwner = Objects.equals(owner.userAgent(), presentedBy.userAgent())
                && Objects.equals(owner.ipAddress(), presentedBy.ipAddress());
        if (!isOwner) {
            latest.put(userId, new RefusedProof(session, presentedBy, clock.instant()));
        }
    }

    Optional<RefusedProof> latest(String userId) {
        return Optional.ofNullable(latest.get(userId));
    }

    /** Call it after a password change. */
    void dismiss(String userId) {
        latest.remove(userId);
    }
}
