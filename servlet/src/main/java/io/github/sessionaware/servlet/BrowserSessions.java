package io.github.sessionaware.servlet;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of browsers, which keep their tokens in cookies.
 *
 * <p>A browser has several requests under way, and their responses arrive in any order. A response may therefore only
 * delete cookies that the server knows to be superseded, and each login has cookies of its own names ({@link Stamp}). A
 * browser with the cookies of several logins is signed in by the newest that is valid. The other sessions end, so that
 * none is left that nobody uses.
 */
final class BrowserSessions {
    private static final Logger log = LoggerFactory.getLogger(BrowserSessions.class);

    /** The logins of a request as this request has changed them. */
    private static final String LOGINS = BrowserSessions.class.getName() + ".logins";

    private static final String GIVEN = BrowserSessions.class.getName() + ".given";

    private final SessionAwareTokenService tokens;
    private final TokenCookies cookies;
    private final Function<HttpServletRequest, ClientInfo> clients;
    private final SharedCalls<IssuedTokens> refreshes = new SharedCalls<>();

    BrowserSessions(
            SessionAwareTokenService tokens, TokenCookies cookies, Function<HttpServletRequest, ClientInfo> clients) {
        this.tokens = tokens;
        this.cookies = cookies;
        this.clients = clients;
    }

    /**
     * Returns the session of a request. Sets new cookies if it had to refresh the tokens.
     *
     * @param validate how the service validates an access token, which may be null
     * @throws InvalidTokenException if no login of the request is valid; the reason is that of the newest
     */
    AuthenticatedSession authenticate(
            HttpServletRequest request,
            HttpServletResponse response,
            Function<@Nullable String, AuthenticatedSession> validate) {
        List<BrowserLogin> logins = logins(request);
        if (logins.isEmpty()) {
            return validate.apply(null);
        }
        InvalidTokenException refusal = null;
        for (BrowserLogin login : logins) {
            try {
                return authenticate(login, request, response, validate);
            } catch (InvalidTokenException e) {
                refusal = refusal == null ? e : refusal;
            }
        }
        throw Objects.requireNonNull(refusal);
    }

    private AuthenticatedSession authenticate(
            BrowserLogin login,
            HttpServletRequest request,
            HttpServletResponse response,
            Function<@Nullable String, AuthenticatedSession> validate) {
        try {
            AuthenticatedSession current = validate.apply(login.accessToken());
            supersede(request, response, login);
            return current;
        } catch (InvalidTokenException e) {
            String refreshToken = login.refreshToken();
            if (refreshToken == null || !e.reason().mayRefresh() || !tokens.issuesRefreshTokens()) {
                throw e;
            }
            IssuedTokens next =
                    refreshes.run(refreshToken, () -> tokens.refresh(refreshToken, () -> clients.apply(request)));
            AuthenticatedSession current = validate.apply(next.accessToken());
            give(request, response, next);
            return current;
        }
    }

    /** Sets the cookies of new tokens, and ends the other sessions of this browser. */
    void give(HttpServletRequest request, HttpServletResponse response, IssuedTokens next) {
        cookies.requireFitting(next);
        Stamp stamp = Stamp.of(next);
        String refreshToken = next.refreshToken();
        if (refreshToken == null) {
            refreshToken = logins(request).stream()
                    .filter(login -> login.stamp().isOfSameSession(stamp))
                    .map(BrowserLogin::refreshToken)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
        UncachedResponse.forbidCaching(response);
        request.setAttribute(GIVEN, true);
        cookies.set(response, next, refreshToken);
        supersede(request, response, new BrowserLogin(stamp, next.accessToken(), refreshToken));
    }

    /** Returns whether the response to the request carries tokens. */
    static boolean hasGivenTokens(HttpServletRequest request) {
        return request.getAttribute(GIVEN) != null;
    }

    /**
     * Deletes the cookies of all other logins, after their sessions have ended. If the store cannot answer, they stay
     * for the next request.
     */
    private void supersede(HttpServletRequest request, HttpServletResponse response, BrowserLogin winner) {
        for (BrowserLogin other : logins(request)) {
            if (other.stamp().equals(winner.stamp())) {
                continue;
            }
            try {
                if (!other.stamp().isOfSameSession(winner.stamp())) {
                    end(other);
                }
                cookies.delete(response, other);
            } catch (SessionStoreException e) {
                log.warn("A former session of a browser could not be ended. Its next request tries again", e);
            }
        }
        request.setAttribute(LOGINS, List.of(winner));
    }

    /**
     * Ends the sessions of a browser and deletes its cookies.
     *
     * @param current the session that was authenticated for this request; null if none was
     * @throws SessionStoreException if the store cannot answer; no cookie is deleted
     */
    void signOut(HttpServletRequest request, HttpServletResponse response, @Nullable AuthenticatedSession current) {
        if (current != null) {
            tokens.revoke(current);
        }
        List<BrowserLogin> logins = logins(request);
        for (BrowserLogin login : logins) {
            if (current == null || !login.stamp().isOf(current.sessionId())) {
                end(login);
            }
        }
        logins.forEach(login -> cookies.delete(response, login));
        request.setAttribute(LOGINS, List.of());
    }

    /** Ends the session of a login if one of its tokens proves that this browser had it. */
    private void end(BrowserLogin login) {
        if (login.refreshToken() != null && tokens.issuesRefreshTokens()) {
            tokens.revokeByRefreshToken(login.refreshToken());
            return;
        }
        try {
            tokens.revoke(tokens.validateWithoutActivity(login.accessToken()));
        } catch (InvalidTokenException e) {
            log.debug("A former session of a browser had ended before: {}", e.reason());
        }
    }

    @SuppressWarnings("unchecked")
    private List<BrowserLogin> logins(HttpServletRequest request) {
        Object changed = request.getAttribute(LOGINS);
        return changed instanceof List ? (List<BrowserLogin>) changed : cookies.read(request);
    }
}
