package io.github.sessionaware.servlet;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.ExperimentalBoundSessions;
import io.github.sessionaware.ExperimentalChallengeException;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import io.github.sessionaware.servlet.CrossSite.Verdict;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks Device Bound Session Credentials (W3C draft) with browsers: offers to bind a session, answers the registration
 * and each renewal, and makes a browser prove its key at once.
 */
final class DeviceEndpoints {
    private static final Logger log = LoggerFactory.getLogger(DeviceEndpoints.class);

    static final String OFFER = "Secure-Session-Registration";

    private static final String RESPONSE = "Secure-Session-Response";
    private static final String ID = "Sec-Secure-Session-Id";
    private static final String CHALLENGE = "Secure-Session-Challenge";
    private static final String SKIPPED = "Secure-Session-Skipped";
    private static final String REPORTED = DeviceEndpoints.class.getName() + ".reported";

    /** An authentication that is older was not the reason for new tokens. */
    private static final Duration JUST_NOW = Duration.ofMinutes(1);

    /** There is no session any more that a browser could renew. */
    private static final Set<Reason> OVER =
            EnumSet.of(Reason.SESSION_ENDED, Reason.SESSION_EXPIRED, Reason.NOT_DEVICE_BOUND);

    private static final Set<Reason> BAD_REQUEST =
            EnumSet.of(Reason.MISSING, Reason.MALFORMED, Reason.MISSING_CLAIM, Reason.WRONG_TYPE);

    private final ExperimentalDeviceBound settings;
    private final ExperimentalBoundSessions sessions;
    private final BrowserSessions browsers;
    private final TokenCookies cookies;
    private final CrossSite crossSite;
    private final Function<HttpServletRequest, ClientInfo> clients;
    private final Validation validation;

    DeviceEndpoints(
            SessionFilterBuilder builder,
            ExperimentalDeviceBound settings,
            BrowserSessions browsers,
            TokenCookies cookies,
            CrossSite crossSite) {
        this.settings = settings;
        this.sessions = builder.tokens.boundSessions();
        this.browsers = browsers;
        this.cookies = cookies;
        this.crossSite = crossSite;
        this.clients = builder.clientInfo;
        this.validation = new Validation(builder.tokens, true);
    }

    /**
     * Asks the browser to bind the session of a login. Browsers that cannot do that ignore the header. After a
     * navigation from another site, Chromium registers without cookies. No script can read the header then.
     */
    void offer(HttpServletRequest request, HttpServletResponse response, IssuedTokens issued) {
        String challenge = "cross-site".equals(request.getHeader("Sec-Fetch-Site"))
                        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                ? sessions.crossSiteRegistrationChallenge(issued)
                : sessions.registrationChallenge(issued);
        response.addHeader(
                OFFER,
                "(ES256 RS256);path=\"" + address(request, settings.registrationPath()) + "\";challenge=\"" + challenge
                        + "\"");
    }

    /**
     * Asks the browser to bind a session whose user has just been authenticated again. Other new tokens are no reason:
     * a thief who can cause them could bind the session to a key of his own.
     */
    void offerAfterAuthentication(HttpServletRequest request, HttpServletResponse response, IssuedTokens issued) {
        Session session = issued.session();
        Duration age = Duration.between(session.authentication().time(), session.lastActiveAt());
        if (!session.deviceBound() && issued.refreshToken() != null && age.compareTo(JUST_NOW) < 0) {
            offer(request, response, issued);
        }
    }

    /**
     * Notifies the listeners of the renewals that the browser has skipped. This decides nothing about the request. A
     * request may pass two filters of one application, for instance around Spring Security, and is reported once.
     */
    void report(HttpServletRequest request) {
        if (request.getDispatcherType() == DispatcherType.REQUEST
                && request.getHeader(SKIPPED) != null
                && request.getAttribute(REPORTED) != sessions) {
            request.setAttribute(REPORTED, sessions);
            StructuredField.tokens(Collections.list(request.getHeaders(SKIPPED)), "session_identifier").stream()
                    .filter(item -> item.value().length() <= 64)
                    .forEach(item -> sessions.skipped(item.parameter(), item.value()));
        }
    }

    /**
     * Answers the request if it is for one of the two endpoints. Returns whether it was. A page of another host of the
     * same site could make a browser bind a session of the page's owner, and renew it here: its visitor would be signed
     * in as another user. Chromium names the page's origin then, and this application's own for every other renewal.
     */
    boolean answers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = PathPatterns.of(request);
        boolean isRegistration = path.equals(settings.registrationPath());
        if (!(isRegistration || path.equals(settings.renewalPath()))
                || request.getDispatcherType() != DispatcherType.REQUEST) {
            return false;
        }
        TokenResponse.forbidCaching(response);
        // No page of another site learns from the answer whether its visitor is signed in here.
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("X-Frame-Options", "DENY");
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        } else if (crossSite.judge(request) == Verdict.FOREIGN) {
            log.debug("Another origin caused a registration or a renewal");
            // Of all refusals this one leaves the browser's sessions as they are.
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } else if (isRegistration) {
            register(request, response);
        } else {
            renew(request, response);
        }
        return true;
    }

    private void register(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            String proof = text(request, RESPONSE).orElse(null);
            IssuedTokens tokens = sessions.bind(current(request, response), proof, () -> clients.apply(request));
            browsers.give(request, response, tokens);
            instruct(request, response, tokens);
        } catch (InvalidTokenException e) {
            log.debug("A browser could not bind a session: {}", e.reason());
            response.setStatus(status(e));
        }
    }

    private @Nullable AuthenticatedSession current(HttpServletRequest request, HttpServletResponse response) {
        try {
            return browsers.authenticate(request, response, validation);
        } catch (InvalidTokenException | DeviceProofNeededException e) {
            return null;
        }
    }

    private void renew(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<String> sent = text(request, ID);
        if (sent.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        String id = sent.get();
        try {
            IssuedTokens tokens =
                    sessions.renew(id, text(request, RESPONSE).orElse(null), () -> clients.apply(request));
            browsers.renewed(request, response, tokens);
            instruct(request, response, tokens);
        } catch (ExperimentalChallengeException e) {
            response.setHeader(CHALLENGE, challenge(e.challenge(), id));
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        } catch (InvalidTokenException e) {
            log.debug("A browser could not renew its session: {}", e.reason());
            if (OVER.contains(e.reason())) {
                write(response, "{\"continue\":false}");
            } else {
                response.setStatus(status(e));
            }
        }
    }

    /** The draft lets a browser end its session for each status from 400 to 499 except 403, 407 and 429. */
    private static int status(InvalidTokenException e) {
        return BAD_REQUEST.contains(e.reason())
                ? HttpServletResponse.SC_BAD_REQUEST
                : HttpServletResponse.SC_UNAUTHORIZED;
    }

    private static Optional<String> text(HttpServletRequest request, String header) {
        return StructuredField.string(Collections.list(request.getHeaders(header)));
    }

    private static String challenge(String challenge, String id) {
        return "\"" + challenge + "\";id=\"" + id + "\"";
    }

    /** Says which requests need which cookie, and gives the challenge of the next renewal ahead of time. */
    private void instruct(HttpServletRequest request, HttpServletResponse response, IssuedTokens tokens)
            throws IOException {
        String id = sessions.identifier(tokens);
        response.setHeader(CHALLENGE, challenge(sessions.nextChallenge(tokens), id));
        String excluded = Stream.concat(
                        Stream.of(settings.registrationPath(), settings.renewalPath()), settings.excluded().stream())
                .map(path -> path.endsWith("/*") ? path.substring(0, path.length() - 2) : path)
                .map(path -> "{\"type\":\"exclude\",\"domain\":\"*\",\"path\":\"" + address(request, path) + "\"}")
                .collect(Collectors.joining(","));
        write(
                response,
                "{\"session_identifier\":\"" + id + "\",\"refresh_url\":\""
                        + address(request, settings.renewalPath())
                        + "\",\"scope\":{\"include_site\":false,\"scope_specification\":[" + excluded
                        + "]},\"credentials\":[{\"type\":\"cookie\",\"name\":\"" + cookies.boundName(tokens)
                        + "\",\"attributes\":\"" + cookies.attributes() + "\"}],\"allowed_refresh_initiators\":"
                        + initiators() + "}");
    }

    /**
     * A link on a page of another site is to find its user signed in. Only such a navigation carries cookies that are
     * lax. Cookies that other sites may embed are left to the draft's default, because the time of a renewal shows
     * whether the visitor is signed in.
     */
    private String initiators() {
        return cookies.isLax() ? "[\"*\"]" : "[]";
    }

    private static void write(HttpServletResponse response, String json) throws IOException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().print(json);
    }

    /** Returns a path as it stands in an address, which needs no escapes in JSON and in headers. */
    private static String address(HttpServletRequest request, String path) {
        StringBuilder encoded = new StringBuilder(request.getContextPath());
        for (byte each : (path.isEmpty() ? "/" : path).getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean isPlain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~!$&'()+,=:@/".indexOf(c) >= 0;
            encoded.append(isPlain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return encoded.toString();
    }

    /**
     * Expires the browser's cookie and sends the browser back to the same address. Before the browser repeats the
     * request, it renews the cookie (draft, section "Server considerations"). Returns whether this was possible.
     */
    boolean askForProof(HttpServletRequest request, HttpServletResponse response) {
        Optional<String> address = ReturnAddress.ofRequest(request);
        List<BrowserLogin> bound = browsers.bound(request);
        if (response.isCommitted()
                || request.getDispatcherType() == DispatcherType.INCLUDE
                || address.isEmpty()
                || bound.isEmpty()) {
            return false;
        }
        response.resetBuffer();
        response.setContentLengthLong(-1);
        TokenResponse.forbidCaching(response);
        bound.forEach(login -> cookies.delete(response, login));
        response.setStatus(HttpServletResponse.SC_TEMPORARY_REDIRECT);
        response.setHeader("Location", address.get());
        if (request.isAsyncStarted()) {
            request.getAsyncContext().complete();
        }
        return true;
    }
}
