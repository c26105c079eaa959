package io.github.sessionaware.servlet;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs users in once per form, however often they send it. A form carries a random number, and its session keeps that
 * as an attribute. Two sends at the same time share one login on this node. After a later one, the session of the
 * earlier one ends, also on other nodes: the browser has dropped the response that carried its tokens.
 */
final class SignIns {
    /** The form field. */
    static final String ATTEMPT = "attempt";

    /** The attribute of the session. */
    static final String ATTRIBUTE = "sign-in-attempt";

    private static final Logger log = LoggerFactory.getLogger(SignIns.class);
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int BYTES = 16;

    /**
     * Longer than a person sends one form again. Otherwise a page from a cache could sign out a user's other device.
     */
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private static final Comparator<Session> BY_AGE =
            Comparator.comparing(Session::createdAt).thenComparing(Session::id);

    private final SessionAwareTokenService tokens;
    private final SecureRandom random = new SecureRandom();
    private final SharedCalls<IssuedTokens> running = new SharedCalls<>();

    SignIns(SessionAwareTokenService tokens) {
        this.tokens = tokens;
    }

    String newAttempt() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    IssuedTokens signIn(String userId, ClientInfo client, LoginOptions options, @Nullable String attempt) {
        if (attempt == null || !FORM.matcher(attempt).matches()) {
            return tokens.issue(userId, client, options);
        }
        return running.run(attempt + userId, () -> {
            IssuedTokens issued = tokens.issue(userId, client, options.withAttribute(ATTRIBUTE, attempt));
            endEarlier(issued, attempt);
            return issued;
        });
    }

    private void endEarlier(IssuedTokens issued, String attempt) {
        Session latest = issued.session();
        try {
            tokens.listSessions(issued.userId()).stream()
                    .filter(session -> attempt.equals(session.attributes().get(ATTRIBUTE)))
                    .filter(session ->
                            session.createdAt().isAfter(latest.createdAt().minus(WINDOW)))
                    .filter(session -> BY_AGE.compare(session, latest) < 0)
                    .forEach(session -> tokens.revokeSession(issued.userId(), session.id()));
        } catch (SessionStoreException e) {
            log.warn("The session of an earlier send of a sign-in form could not be ended", e);
        }
    }
}
