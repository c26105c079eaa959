package io.github.sessionaware.springboot;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.http.Cookie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * Logs users in for tests with MockMvc:
 *
 * <pre>{@code
 * mvc.perform(get("/orders").with(MockSessions.signedIn("user-42"))).andExpect(status().isOk());
 * }</pre>
 *
 * <p>The session is a real one, in the store of the application under test. So the request passes the filter as in
 * production, listeners are notified, and a test can revoke the session. A test without a database sets
 * {@code session-aware-jwt.store.type=memory}. Needs spring-test.
 */
public final class MockSessions {
    private MockSessions() {}

    /**
     * Logs a user in, and gives the tokens to the request.
     *
     * @param userId the user
     * @return what {@code with(…)} accepts; each request gets a session of its own
     */
    public static RequestPostProcessor signedIn(String userId) {
        return signedIn(userId, LoginOptions.defaults());
    }

    /**
     * Logs a user in, for instance with claims, and gives the tokens to the request.
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
            signIn(context, request, userId, options);
            return request;
        };
    }

    private static void signIn(
            WebApplicationContext context, MockHttpServletRequest request, String userId, LoginOptions options) {
        SessionFilter sessions = context.getBean(SessionFilter.class);
        MockHttpServletResponse response = new MockHttpServletResponse();
        if (context.getBean(WebProperties.class).carriers().contains(WebProperties.Carrier.BEARER)) {
            IssuedTokens issued = sessions.issue(request, response, userId, options);
            request.addHeader("Authorization", "Bearer " + issued.accessToken());
            return;
        }
        sessions.signIn(request, response, userId, options);
        List<Cookie> all =
                new ArrayList<>(request.getCookies() == null ? List.of() : Arrays.asList(request.getCookies()));
        all.addAll(Arrays.asList(response.getCookies()));
        request.setCookies(all.toArray(Cookie[]::new));
        // As a page of the application does, so that a POST passes.
        request.addHeader("Sec-Fetch-Site", "same-origin");
    }
}
