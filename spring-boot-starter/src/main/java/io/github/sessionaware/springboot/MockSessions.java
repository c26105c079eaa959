package io.github.sessionaware.springboot;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.http.Cookie;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * Logs users in for tests with MockMvc:
 *
 * <pre>{@code
 * mvc.perform(get("/orders").with(MockSessions.signedIn("user-42"))).andExpect(status().isOk());
 * }</pre>
 *
 * <p>In a test of the whole application the session is a real one, in the application's store. The request passes the
 * filter as in production, listeners are notified, and the test can revoke the session. A test without a database sets
 * {@code session-aware-jwt.store.type=memory}.
 *
 * <p>In a test of a slice, such as {@code @WebMvcTest}, no beans of this library exist. Then the request carries a
 * session that no store knows: as its attribute, and with Spring Security as the principal. Its authorities come from a
 * {@link SessionAuthoritiesMapper}, if the test has one. Spring's protection against requests of other sites, which a
 * chain with sessions switches off, lets the request pass. Such a test needs session-aware-jwt-memory-store. Test a
 * controller that needs {@link SessionFilter} in the whole application, because a mock of the filter would pass no
 * request on.
 *
 * <p>Needs spring-test. Use it in tests only.
 */
public final class MockSessions {
    private static final String CONTEXTS =
            "org.springframework.security.web.context.RequestAttributeSecurityContextRepository";

    private MockSessions() {}

    /**
     * Logs a user in, and gives the session to the request.
     *
     * @param userId the user
     * @return what {@code with(…)} accepts; each request gets a session of its own
     */
    public static RequestPostProcessor signedIn(String userId) {
        return signedIn(userId, LoginOptions.defaults());
    }

    /**
     * Logs a user in, for instance with claims or long ago, and gives the session to the request.
     *
     * @param userId the user
     * @param options as for {@code SessionAwareTokenService.issue}
     * @return what {@code with(…)} accepts; each request gets a session of its own
     */
    public static RequestPostProcessor signedIn(String userId, LoginOptions options) {
        requireNonNull(userId, "userId");
        requireNonNull(options, "options");
        return request -> {
            WebApplicationContext context =
                    WebApplicationContextUtils.getRequiredWebApplicationContext(request.getServletContext());
            SessionFilter sessions =
                    context.getBeanProvider(SessionFilter.class).getIfAvailable();
            if (sessions == null) {
                giveSession(context, request, userId, options);
            } else {
                giveTokens(sessions, request, userId, options);
            }
            return request;
        };
    }

    private static void giveTokens(
            SessionFilter sessions, MockHttpServletRequest request, String userId, LoginOptions options) {
        // The sign-in is a request of its own, and not a part of the one that the test makes.
        MockHttpServletRequest signIn = new MockHttpServletRequest(request.getServletContext());
        MockHttpServletResponse response = new MockHttpServletResponse();
        if (!signInWithCookies(sessions, signIn, response, userId, options)) {
            IssuedTokens issued = sessions.issue(signIn, response, userId, options);
            request.addHeader("Authorization", "Bearer " + issued.accessToken());
            return;
        }
        Cookie @Nullable [] before = request.getCookies();
        List<Cookie> cookies = new ArrayList<>(before == null ? List.of() : Arrays.asList(before));
        cookies.addAll(Arrays.asList(response.getCookies()));
        request.setCookies(cookies.toArray(Cookie[]::new));
        if (request.getHeader("Sec-Fetch-Site") == null && request.getHeader("Origin") == null) {
            // A form of the application, so that a POST passes.
            request.addHeader("Sec-Fetch-Site", "same-origin");
        }
    }

    /** Returns whether the filter has cookies. A login that fails for another reason fails in {@code issue} too. */
    private static boolean signInWithCookies(
            SessionFilter sessions,
            MockHttpServletRequest request,
            MockHttpServletResponse response,
            String userId,
            LoginOptions options) {
        try {
            sessions.signIn(request, response, userId, options);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void giveSession(
            WebApplicationContext context, MockHttpServletRequest request, String userId, LoginOptions options) {
        if (!ClassUtils.isPresent("io.github.sessionaware.memory.InMemorySessionStore", context.getClassLoader())) {
            throw new IllegalStateException("The test has no SessionFilter. Add session-aware-jwt-memory-store with"
                    + " the scope test, or test the whole application");
        }
        AuthenticatedSession session = Unstored.session(userId, options);
        request.setAttribute(AuthenticatedSession.class.getName(), session);
        if (ClassUtils.isPresent(CONTEXTS, context.getClassLoader())) {
            Security.authenticate(context, request, session);
        }
    }

    /** Loaded only with session-aware-jwt-memory-store. */
    private static final class Unstored {
        static AuthenticatedSession session(String userId, LoginOptions options) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            SessionAwareTokenService tokens = SessionAwareTokenService.builder()
                    .issuer("https://test.example")
                    .signingKey(SigningKey.hmac256(secret))
                    .sessionStore(new InMemorySessionStore())
                    .build();
            return tokens.validate(
                    tokens.issue(userId, ClientInfo.unknown(), options).accessToken());
        }
    }

    /** Loaded only with Spring Security. Its chains look for a context in the request before they authenticate. */
    private static final class Security {
        static void authenticate(
                WebApplicationContext context, MockHttpServletRequest request, AuthenticatedSession session) {
            ObjectProvider<SessionAuthoritiesMapper> mapper = context.getBeanProvider(SessionAuthoritiesMapper.class);
            SessionAuthoritiesMapper authorities = mapper.getIfAvailable(() -> any -> List.of());
            SecurityContext named = SecurityContextHolder.createEmptyContext();
            named.setAuthentication(new SessionAuthentication(session, authorities.authoritiesOf(session)));
            new RequestAttributeSecurityContextRepository().saveContext(named, request, new MockHttpServletResponse());
            // The chain of a slice is that of Boot. Its protection, unlike that of SessionFilter, needs a token.
            CsrfFilter.skipRequest(request);
        }
    }
}
