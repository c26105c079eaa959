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
 * Passes a request on only if it comes from a live session, with the session as an attribute. If the access token has
 * expired, the filter refreshes it. Two tabs that refresh at the same time get the same new refresh token.
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
            // A form of another site arrives without cookies. The response must not delete those of the user.
            if (e.reason() != Reason.MISSING) {
                TokenCookies.forget(response);
            }
            Answers.seeOther(response, "/sign-in?" + Ended.of(e.reason()).query());
            return;
        } catch (SessionStoreException e) {
            Answers.unavailable(response); // the cookies stay, because an outage must not sign out the user
            return;
        }
        chain.doFilter(request, response);
    }

    private AuthenticatedSession authenticate(HttpServletRequest request, HttpServletResponse response) {
        try {
            return tokens.validate(TokenCookies.access(request));
        } catch (InvalidTokenException e) {
            if (e.reason() != Reason.MISSING && e.reason() != Reason.EXPIRED) {
                throw e;
            }
            IssuedTokens next = tokens.refresh(TokenCookies.refresh(request), clients.of(request));
            TokenCookies.give(response, next);
            return tokens.validate(next.accessToken());
        }
    }
}
