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
 * Lets a request through only if it comes from a live session, and hands the session over as an attribute. An access
 * token that has expired is renewed on the way: two tabs that do so at once get the same next refresh token.
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
            // A form of another site comes without cookies: it must not get rid of them.
            if (e.reason() != Reason.MISSING) {
                TokenCookies.forget(response);
            }
            Answers.seeOther(response, "/sign-in?" + Ended.of(e.reason()).query());
            return;
        } catch (SessionStoreException e) {
            Answers.unavailable(response); // the cookies stay: nobody is signed out by an outage
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
