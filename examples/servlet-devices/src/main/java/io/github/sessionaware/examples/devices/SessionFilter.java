package io.github.sessionaware.examples.devices;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Passes a request on only if it comes from a live session, with the session as an attribute. If a refresh may help, as
 * after the expiry of the access token, the filter refreshes it. Two tabs that refresh at the same time get the same
 * new refresh token.
 */
final class SessionFilter extends HttpFilter {
    static final String SESSION = AuthenticatedSession.class.getName();

    private static final long serialVersionUID = 1L;

    private final transient SessionAwareTokenService tokens;
    private final transient Clients clients;

    SessionFilter(SessionAwareTokenService tokens, Clients clients) {
        this.tokens = tokens;
        this.clients = clients;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            request.setAttribute(SESSION, authenticate(request, response));
        } catch (InvalidTokenException e) {
            refuse(response, e);
            return;
        } catch (SessionStoreException e) {
            Answers.unavailable(response); // the cookies stay, because an outage must not sign out the user
            return;
        }
        chain.doFilter(request, response);
    }

    static void refuse(HttpServletResponse response, InvalidTokenException e) {
        if (isSessionOver(e.reason())) {
            TokenCookies.forget(response);
        }
        Answers.seeOther(response, "/sign-in?" + Ended.of(e.reason()).query());
    }

    private AuthenticatedSession authenticate(HttpServletRequest request, HttpServletResponse response) {
        try {
            return tokens.validate(TokenCookies.access(request));
        } catch (InvalidTokenException e) {
            if (!e.reason().mayRefresh()) {
                throw e;
            }
            IssuedTokens next = tokens.refresh(TokenCookies.refresh(request), clients.of(request));
            TokenCookies.give(response, next);
            return tokens.validate(next.accessToken());
        }
    }

    /**
     * Returns whether the response may delete the cookies. A form of another site arrives without the cookies that the
     * browser has. A request that began before a password change carries the tokens of before, while the browser
     * already has new ones of the same session. After a refused retry, the session belongs to the client that was
     * first.
     */
    private static boolean isSessionOver(Reason reason) {
        return switch (reason) {
            case MISSING, OTHER_GENERATION, UNKNOWN_REFRESH_TOKEN, RETRY_FROM_ELSEWHERE -> false;
            default -> true;
        };
    }
}
