package io.github.sessionaware.springboot;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionListener;
import java.util.Set;
import org.springframework.context.ApplicationEventPublisher;

/** Publishes each notification as an event of the application. */
record PublishingListener(ApplicationEventPublisher publisher) implements SessionListener {
    @Override
    public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
        publisher.publishEvent(new SessionEvent.Created(userId, session, novelties));
    }

    @Override
    public void sessionRefreshed(String userId, Session session, ClientInfo before) {
        publisher.publishEvent(new SessionEvent.Refreshed(userId, session, before));
    }

    @Override
    public void refreshRetried(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
        publisher.publishEvent(new SessionEvent.RefreshRetried(userId, session, retriedBy, differences));
    }

    @Override
    public void refreshRetryRefused(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
        publisher.publishEvent(new SessionEvent.RefreshRetryRefused(userId, session, retriedBy, differences));
    }

    @Override
    public void sessionReauthenticated(String userId, Session session) {
        publisher.publishEvent(new SessionEvent.Reauthenticated(userId, session));
    }

    @Override
    public void sessionEnded(String userId, Session session, EndCause cause) {
        publisher.publishEvent(new SessionEvent.Ended(userId, session, cause));
    }

    @Override
    public void refreshTokenReused(String userId, Session session, ClientInfo presentedBy) {
        publisher.publishEvent(new SessionEvent.RefreshTokenReused(userId, session, presentedBy));
    }

    @Override
    public void deviceBound(String userId, Session session) {
        publisher.publishEvent(new SessionEvent.DeviceBound(userId, session));
    }

    @Override
    public void deviceProofRefused(String userId, Session session, ClientInfo presentedBy, Refusal refusal) {
        publisher.publishEvent(new SessionEvent.DeviceProofRefused(userId, session, presentedBy, refusal));
    }
}
