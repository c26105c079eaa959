package io.github.sessionaware;

import io.github.sessionaware.ExperimentalDeviceBinding.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs security events, one line each. A user id is one word in its line, whatever it contains. */
final class LoggingListener implements SessionListener {
    private static final Logger log = LoggerFactory.getLogger("io.github.sessionaware.events");
    private static final int HASH_LENGTH = 16;

    /** Characters that end a word or a line for some reader of logs, or that change the reading direction. */
    private static final Pattern NO_PART_OF_A_WORD = Pattern.compile("[\\s,\\p{Z}\\p{C}]");

    @Override
    public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
        log.info("session_created:{} session={} new={}", word(userId), hash(session), list(novelties));
    }

    @Override
    public void sessionRefreshed(String userId, Session session, ClientInfo before) {
        log.info("session_renewed:{} session={}", word(userId), hash(session));
    }

    @Override
    public void sessionReauthenticated(String userId, Session session) {
        log.info("session_renewed:{} session={} authenticated=again", word(userId), hash(session));
    }

    @Override
    public void sessionEnded(String userId, Session session, EndCause cause) {
        log.info("session_ended:{},{} session={}", word(userId), cause, hash(session));
    }

    @Override
    public void refreshTokenReused(String userId, Session session, ClientInfo presentedBy) {
        log.warn("authn_token_reuse:{} session={}", word(userId), hash(session));
    }

    @Override
    public void refreshRetried(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
        if (differences.isEmpty()) {
            log.info("authn_token_retry:{} session={} differs=-", word(userId), hash(session));
        } else {
            log.warn("authn_token_retry:{} session={} differs={}", word(userId), hash(session), list(differences));
        }
    }

    @Override
    public void refreshRetryRefused(String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
        log.warn("authn_token_retry_refused:{} session={} differs={}", word(userId), hash(session), list(differences));
    }

    @Override
    public void deviceBound(String userId, Session session) {
        log.info("session_bound:{} session={}", word(userId), hash(session));
    }

    @Override
    public void deviceProofRefused(String userId, Session session, ClientInfo presentedBy, Refusal refusal) {
        log.warn("authn_proof_refused:{},{} session={}", word(userId), refusal, hash(session));
    }

    /** In the order of the constants. */
    private static Object list(Set<Novelty> novelties) {
        return novelties.isEmpty() ? "-" : EnumSet.copyOf(novelties);
    }

    private static String word(String userId) {
        return NO_PART_OF_A_WORD.matcher(userId).replaceAll("_");
    }

    private static String hash(Session session) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(session.id().getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().encodeToString(hash).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java platform has no SHA-256", e);
        }
    }
}
