package io.github.sessionaware;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Security events as lines. A user id holds no control characters, so none can forge a line. */
final class LoggingListener implements SessionListener {
    private static final Logger log = LoggerFactory.getLogger("io.github.sessionaware.events");
    private static final int HASH_LENGTH = 16;

    @Override
    public void sessionCreated(Session session, Set<Novelty> novelties) {
        log.info(
                "session_created:{} session={} new={}",
                session.userId(),
                hash(session),
                novelties.isEmpty() ? "-" : EnumSet.copyOf(novelties));
    }

    @Override
    public void sessionRefreshed(Session session) {
        log.info("session_renewed:{} session={}", session.userId(), hash(session));
    }

    @Override
    public void sessionReauthenticated(Session former, Session session) {
        log.info("session_renewed:{} session={} former={}", session.userId(), hash(session), hash(former));
    }

    @Override
    public void sessionEnded(Session session, EndCause cause) {
        log.info("session_expired:{},{} session={}", session.userId(), cause, hash(session));
    }

    @Override
    public void refreshTokenReused(Session session, ClientInfo presentedBy) {
        log.warn("authn_token_reuse:{} session={}", session.userId(), hash(session));
    }

    private static String hash(Session session) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(session.id().getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().encodeToString(hash).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
