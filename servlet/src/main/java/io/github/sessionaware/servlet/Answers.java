package io.github.sessionaware.servlet;

import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.ReauthenticationRequiredException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a request gets that may not pass. A browser that wants a page is redirected to one where its user can help, or
 * gets the container's error page. Scripts and other clients get the status and the headers alone.
 *
 * @param signInPage the path of the page; null if the application has none
 * @param stepUpPage the path of the page on which a user authenticates again; null if the application has none
 */
record Answers(@Nullable String signInPage, @Nullable String stepUpPage) {
    /** The query parameters and form fields of both pages. */
    static final String RETURN_TO = "returnTo";

    static final String ENDED = "ended";

    static final String RETRY_AFTER_SECONDS = "5";

    /** A token shows these reasons only after its signature was verified, so they tell nothing to a forger. */
    private static final Map<String, Reason> SHOWN = Stream.of(
                    Reason.SESSION_ENDED, Reason.SESSION_EXPIRED, Reason.REFRESH_TOKEN_REUSED)
            .collect(Collectors.toUnmodifiableMap(Answers::name, reason -> reason));

    void notAuthenticated(HttpServletRequest request, HttpServletResponse response, InvalidTokenException e) {
        TokenResponse.forbidCaching(response);
        if (signInPage != null && wantsPage(request)) {
            String name = name(e.reason());
            redirect(request, response, signInPage, SHOWN.containsKey(name) ? ENDED + "=" + name : "");
        } else {
            response.setHeader("WWW-Authenticate", e.wwwAuthenticate());
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        }
    }

    void authenticatedTooLongAgo(
            HttpServletRequest request, HttpServletResponse response, ReauthenticationRequiredException e) {
        TokenResponse.forbidCaching(response);
        if (stepUpPage != null && wantsPage(request)) {
            redirect(request, response, stepUpPage, "");
        } else {
            response.setHeader("WWW-Authenticate", e.wwwAuthenticate());
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        }
    }

    void forbidden(HttpServletRequest request, HttpServletResponse response) throws IOException {
        error(request, response, HttpServletResponse.SC_FORBIDDEN);
    }

    void unavailable(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        error(request, response, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }

    /** The method would return the request with its cookies to whoever sent it (RFC 9110, section 9.3.8). */
    static void traceNotAllowed(HttpServletResponse response) {
        response.setHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    }

    private static void error(HttpServletRequest request, HttpServletResponse response, int status) throws IOException {
        TokenResponse.forbidCaching(response);
        if (wantsPage(request)) {
            response.sendError(status);
        } else {
            response.setStatus(status);
        }
    }

    /** Browsers say what a request is for (Fetch Metadata). Older ones name the types that they accept. */
    static boolean wantsPage(HttpServletRequest request) {
        String mode = request.getHeader("Sec-Fetch-Mode");
        if (mode != null) {
            return mode.equals("navigate");
        }
        String accept = request.getHeader("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html");
    }

    /** Writes a path, not a whole address, because a client chooses the host that a request names. */
    private static void redirect(HttpServletRequest request, HttpServletResponse response, String page, String query) {
        String back = Optional.ofNullable(page(request))
                .map(address -> RETURN_TO + "=" + URLEncoder.encode(address, StandardCharsets.UTF_8))
                .orElse("");
        String parameters =
                Stream.of(query, back).filter(part -> !part.isEmpty()).collect(Collectors.joining("&"));
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader(
                "Location", request.getContextPath() + page + (parameters.isEmpty() ? "" : "?" + parameters));
    }

    /** Returns the page that was asked for, or the page whose form was sent; null if it is not known. */
    private static @Nullable String page(HttpServletRequest request) {
        String address =
                request.getMethod().equals("GET") || request.getMethod().equals("HEAD")
                        ? withQuery(request.getRequestURI(), request.getQueryString())
                        : formPage(request);
        return new ReturnAddress(request.getContextPath()).isOfThisApplication(address) ? address : null;
    }

    private static @Nullable String formPage(HttpServletRequest request) {
        String referer = request.getHeader("Referer");
        if (referer == null) {
            return null;
        }
        try {
            URI page = new URI(referer);
            return request.getHeader("Host") != null
                            && request.getHeader("Host").equals(page.getRawAuthority())
                    ? withQuery(page.getRawPath(), page.getRawQuery())
                    : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String withQuery(String path, @Nullable String query) {
        return query == null ? path : path + "?" + query;
    }

    /** Returns why the session has ended, if the redirect to the sign-in page says so. */
    static Optional<Reason> ended(HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter(ENDED)).map(SHOWN::get);
    }

    private static String name(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
