package io.github.sessionaware.servlet;

import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.ReauthenticationRequiredException;
import io.github.sessionaware.SessionStoreException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a request gets that may not pass. A browser that wants a page is redirected to one where its user can help, or
 * gets the container's error page. Scripts and other clients get the status and the headers alone.
 *
 * @param signInPage the path of the page; null if the application has none
 * @param stepUpPage the path of the page on which a user authenticates again; null if the application has none
 */
record Answers(@Nullable String signInPage, @Nullable String stepUpPage) {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    /** The query parameter of the sign-in page that says why a session has ended. */
    private static final String ENDED = "ended";

    static final String RETRY_AFTER_SECONDS = "5";

    /** A token shows these reasons only after its signature was verified, so they tell nothing to a forger. */
    private static final Map<String, Reason> SHOWN = Stream.of(
                    Reason.SESSION_ENDED, Reason.SESSION_EXPIRED, Reason.REFRESH_TOKEN_REUSED, Reason.NOT_DEVICE_BOUND)
            .collect(Collectors.toUnmodifiableMap(Answers::name, reason -> reason));

    /**
     * Answers an exception of this library that the filter or a servlet behind it has thrown.
     *
     * @throws ServletException the given exception if it is another one, or if the response can no longer change
     */
    void answer(HttpServletRequest request, HttpServletResponse response, Exception thrown)
            throws IOException, ServletException {
        Throwable cause = cause(thrown);
        if (cause instanceof DeviceProofNeededException e && e.otherwise() != null) {
            cause = e.otherwise();
        }
        // The page that includes another one decides what becomes of the whole.
        if (response.isCommitted() || request.getDispatcherType() == DispatcherType.INCLUDE) {
            rethrow(thrown);
        }
        if (cause instanceof CrossSiteException
                || cause instanceof LoginRefusedException
                || cause instanceof DeviceProofNeededException) {
            begin(response);
            error(request, response, HttpServletResponse.SC_FORBIDDEN);
        } else if (cause instanceof InvalidTokenException e) {
            begin(response);
            notAuthenticated(request, response, e);
        } else if (cause instanceof ReauthenticationRequiredException e) {
            begin(response);
            authenticatedTooLongAgo(request, response, e);
        } else if (cause instanceof SessionStoreException) {
            log.warn("The session store cannot answer", cause);
            begin(response);
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
            error(request, response, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } else {
            rethrow(thrown);
        }
        if (request.isAsyncStarted()) {
            request.getAsyncContext().complete();
        }
    }

    /** Returns what a servlet or a filter has thrown, without the exceptions that servlets wrap around it. */
    static @Nullable Throwable cause(Exception thrown) {
        Throwable cause = thrown;
        while (cause instanceof ServletException e) {
            cause = e.getRootCause();
        }
        return cause;
    }

    private static void rethrow(Exception thrown) throws ServletException {
        if (thrown instanceof ServletException e) {
            throw e;
        }
        throw (RuntimeException) thrown;
    }

    /** Drops what a servlet has written before it failed. */
    private static void begin(HttpServletResponse response) {
        response.resetBuffer();
        response.setContentLengthLong(-1);
        TokenResponse.forbidCaching(response);
    }

    private void notAuthenticated(HttpServletRequest request, HttpServletResponse response, InvalidTokenException e) {
        if (signInPage != null && wantsPage(request)) {
            String name = name(e.reason());
            redirect(request, response, signInPage, SHOWN.containsKey(name) ? ENDED + "=" + name : "");
        } else {
            challenge(response, e.wwwAuthenticate());
        }
    }

    private void authenticatedTooLongAgo(
            HttpServletRequest request, HttpServletResponse response, ReauthenticationRequiredException e) {
        if (stepUpPage != null && wantsPage(request)) {
            redirect(request, response, stepUpPage, "");
        } else {
            challenge(response, e.wwwAuthenticate());
        }
    }

    private static void challenge(HttpServletResponse response, String challenge) {
        response.setHeader("WWW-Authenticate", challenge);
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }

    /** The method would return the request with its cookies to whoever sent it (RFC 9110, section 9.3.8). */
    static void traceNotAllowed(HttpServletResponse response) {
        response.setHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    }

    private static void error(HttpServletRequest request, HttpServletResponse response, int status) throws IOException {
        if (wantsPage(request)) {
            response.sendError(status);
        } else {
            response.setStatus(status);
        }
    }

    /** Browsers say what a request is for (Fetch Metadata). Older ones name the types that they accept. */
    private static boolean wantsPage(HttpServletRequest request) {
        String mode = request.getHeader("Sec-Fetch-Mode");
        if (mode != null) {
            return mode.equals("navigate");
        }
        String accept = request.getHeader("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html");
    }

    /** Writes a path, not a whole address, because a client chooses the host that a request names. */
    private static void redirect(HttpServletRequest request, HttpServletResponse response, String page, String query) {
        String back = ReturnAddress.requested(request)
                .map(address -> ReturnAddress.FIELD + "=" + URLEncoder.encode(address, StandardCharsets.UTF_8))
                .orElse("");
        String parameters =
                Stream.of(query, back).filter(part -> !part.isEmpty()).collect(Collectors.joining("&"));
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader(
                "Location", request.getContextPath() + page + (parameters.isEmpty() ? "" : "?" + parameters));
    }

    /** Returns why the session has ended, if the redirect to the sign-in page says so. */
    static Optional<Reason> ended(HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter(ENDED)).map(SHOWN::get);
    }

    private static String name(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
