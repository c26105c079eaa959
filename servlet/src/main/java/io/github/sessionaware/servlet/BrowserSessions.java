package io.github.sessionaware.servlet;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
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
 *
 * <p>A refusal deletes no cookies. Another node may accept them, because it knows the next signing key or reads another
 * replica. So cookies that a client has made up stay until a login of the browser is valid.
 */
final class BrowserSessions {
    private static final Logger log = LoggerFactory.getLogger(BrowserSessions.class);

    /** What tells clients apart, also behind a proxy. */
    private static final List<String> CLIENT_HEADERS =
            List.of("User-Agent", "Forwarded", "X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP");

    /** More logins than late responses can leave in one browser. */
    private static final int MAX_ASKED = 4;

    /** Why a login is refused after the store was asked. Tokens with any other reason cost it nothing. */
    private static final Set<Reason> ASKED = EnumSet.of(
            Reason.SESSION_ENDED,
            Reason.SESSION_EXPIRED,
            Reason.OTHER_GENERATION,
            Reason.UNKNOWN_REFRESH_TOKEN,
            Reason.REFRESH_TOKEN_REUSED,
            Reason.RETRY_FROM_ELSEWHERE,
            Reason.DEVICE_PROOF_REQUIRED);

    private static final String GIVEN = BrowserSessions.class.getName() + ".given";

    private final SessionAwareTokenService tokens;
    private final TokenCookies cookies;
    private final Function<HttpServletRequest, ClientInfo> clients;

    /** The request attribute with the logins of a request: those that it sent, or those that replaced them since. */
    private final String presentLogins;

    private final SharedCalls<IssuedTokens> refreshes = new SharedCalls<>();

    BrowserSessions(
            SessionAwareTokenService tokens, TokenCookies cookies, Function<HttpServletRequest, ClientInfo> clients) {
        this.tokens = tokens;
        this.cookies = cookies;
        this.clients = clients;
        this.presentLogins = BrowserSessions.class.getName() + "." + cookies.name();
    }

    /**
     * Returns the session of a request. Sets new cookies if it had to refresh the tokens. Asks the store about
     * {@value #MAX_ASKED} logins at most, because anybody can send a request with many guesses.
     *
     * @param validate how the service validates an access token, which may be null
     * @throws InvalidTokenException if no login of the request is valid; the reason is that of the newest
     * @throws DeviceProofNeededException if none is valid, and the browser can renew one of them with a proof
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
        boolean canProve = false;
        int asked = 0;
        for (BrowserLogin login : logins) {
            try {
                return authenticate(login, request, response, validate);
            } catch (InvalidTokenException e) {
                refusal = refusal == null ? e : refusal;
                canProve |= login.stamp().isBound() && e.reason().mayRefresh();
                asked += ASKED.contains(e.reason()) ? 1 : 0;
                if (asked == MAX_ASKED) {
                    break;
                }
            }
        }
        if (canProve) {
            throw new DeviceProofNeededException(Objects.requireNonNull(refusal));
        }
        throw Objects.requireNonNull(refusal);
    }

    private AuthenticatedSession authenticate(
            BrowserLogin login,
            HttpServletRequest request,
            HttpServletResponse response,
            Function<@Nullable String, AuthenticatedSession> validate) {
        boolean mayHaveCookies = request.getDispatcherType() != DispatcherType.INCLUDE && !response.isCommitted();
        try {
            AuthenticatedSession current = validate.apply(login.accessToken());
            if (mayHaveCookies) {
                supersede(request, response, login);
            }
            return current;
        } catch (InvalidTokenException e) {
            String refreshToken = login.refreshToken();
            if (refreshToken == null || !e.reason().mayRefresh() || !tokens.issuesRefreshTokens() || !mayHaveCookies) {
                throw e;
            }
            IssuedTokens next = refreshes.run(
                    sharedBy(refreshToken, request), () -> tokens.refresh(refreshToken, () -> clients.apply(request)));
            // Before anything can fail, because the former refresh token is used up.
            BrowserLogin given = set(request, response, next);
            AuthenticatedSession current = validate.apply(next.accessToken());
            supersede(request, response, given);
            return current;
        }
    }

    /**
     * Lets only requests that look like one client share a refresh. Otherwise a thief who is as fast as the owner would
     * get the next tokens, and the service would not notice the retry.
     */
    private static String sharedBy(String refreshToken, HttpServletRequest request) {
        StringJoiner key = new StringJoiner("\n");
        key.add(refreshToken).add(request.getRemoteAddr());
        for (String header : CLIENT_HEADERS) {
            key.add(String.join(",", Collections.list(request.getHeaders(header))));
        }
        return key.toString();
    }

    /**
     * Sets the cookies of new tokens, and ends the other sessions of this browser.
     *
     * @throws IllegalArgumentException if a cookie would be too long; no cookie has changed, and no session has ended
     */
    void give(HttpServletRequest request, HttpServletResponse response, IssuedTokens next) {
        cookies.requireFitting(next);
        supersede(request, response, set(request, response, next));
    }

    /**
     * Sets the cookie of a bound session. Another login of the browser may be newer, so no session ends.
     *
     * @throws IllegalArgumentException if the cookie would be too long; no cookie has changed
     */
    void renewed(HttpServletRequest request, HttpServletResponse response, IssuedTokens next) {
        cookies.requireFitting(next);
        BrowserLogin unused = set(request, response, next);
    }

    /** Returns the logins of a request whose sessions are bound, as far as the names of their cookies say so. */
    List<BrowserLogin> bound(HttpServletRequest request) {
        return logins(request).stream().filter(login -> login.stamp().isBound()).toList();
    }

    private BrowserLogin set(HttpServletRequest request, HttpServletResponse response, IssuedTokens next) {
        Stamp stamp = Stamp.of(next);
        String refreshToken = next.refreshToken();
        if (refreshToken == null && !stamp.isBound()) {
            refreshToken = logins(request).stream()
                    .filter(login -> login.stamp().isOfSameSession(stamp))
                    .map(BrowserLogin::refreshToken)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
        TokenResponse.forbidCaching(response);
        request.setAttribute(GIVEN, true);
        cookies.set(response, stamp, next, refreshToken);
        return new BrowserLogin(stamp, next.accessToken(), refreshToken);
    }

    /** Returns whether an access token that the browser has is valid for the session. */
    boolean isUsed(HttpServletRequest request, String sessionId) {
        for (BrowserLogin login : logins(request)) {
            try {
                if (tokens.validateWithoutActivity(login.accessToken())
                        .sessionId()
                        .equals(sessionId)) {
                    return true;
                }
            } catch (InvalidTokenException e) {
                log.debug("A cookie has another token: {}", e.reason());
            }
        }
        return false;
    }

    /** Returns whether the response to the request carries tokens. */
    static boolean hasGivenTokens(HttpServletRequest request) {
        return request.getAttribute(GIVEN) != null;
    }

    /**
     * Deletes the cookies of all other logins, after their sessions have ended. If the store cannot answer, or the
     * response has no room for more cookies, they stay for the next request.
     */
    private void supersede(HttpServletRequest request, HttpServletResponse response, BrowserLogin winner) {
        List<BrowserLogin> left = new ArrayList<>(List.of(winner));
        for (BrowserLogin other : logins(request)) {
            if (other.stamp().equals(winner.stamp())) {
                continue;
            }
            if (!cookies.hasRoom(response)) {
                left.add(other);
                continue;
            }
            try {
                if (!other.stamp().isOfSameSession(winner.stamp())) {
                    end(other);
                }
                cookies.delete(response, other);
            } catch (SessionStoreException e) {
                log.warn("A former session of a browser could not be ended. Its next request tries again", e);
                left.add(other);
            }
        }
        request.setAttribute(presentLogins, left);
    }

    /**
     * Ends all sessions of a browser, and deletes as many of its cookies as the response has room for. The others are
     * of no use any more.
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
        logins.stream().takeWhile(login -> cookies.hasRoom(response)).forEach(login -> cookies.delete(response, login));
        request.setAttribute(presentLogins, List.of());
    }

    /** Ends the session of a login if one of its tokens proves that this browser had it. */
    private void end(BrowserLogin login) {
        if (tokens.issuesRefreshTokens() && tokens.revokeByRefreshToken(login.refreshToken())) {
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
        Object known = request.getAttribute(presentLogins);
        if (known instanceof List) {
            return (List<BrowserLogin>) known;
        }
        List<BrowserLogin> sent = cookies.read(request);
        request.setAttribute(presentLogins, sent);
        return sent;
    }
}
