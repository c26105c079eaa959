package io.github.sessionaware.servlet;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Configures a {@link SessionFilter}. Not thread-safe. */
public final class SessionFilterBuilder {
    /** Scheme, host and port, as browsers write them (RFC 6454, section 6.2). */
    private static final Pattern ORIGIN =
            Pattern.compile("https?://[a-z0-9.-]+(?::\\d{1,5})?|https?://\\[[0-9a-f:]+](?::\\d{1,5})?");

    /** Browsers leave the default port out. */
    private static final Pattern DEFAULT_PORT = Pattern.compile("http:.*:80|https:.*:443");

    private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9]{1,32}");

    final SessionAwareTokenService tokens;
    boolean isBearer;

    @Nullable
    String signInPage;

    @Nullable
    String stepUpPage;

    List<String> withoutActivity = List.of();
    Function<AuthenticatedSession, ? extends Collection<String>> roles = session -> List.of();
    Function<HttpServletRequest, ClientInfo> clientInfo = SessionFilterBuilder::agentAndAddress;

    @Nullable
    ExperimentalDeviceBound deviceBound;

    private boolean hasCookies;
    private @Nullable String cookieName;
    private @Nullable SameSite sameSite;
    private List<String> open = List.of();
    private Set<String> origins = Set.of();
    private @Nullable FormTokens forms;

    SessionFilterBuilder(SessionAwareTokenService tokens) {
        this.tokens = tokens;
    }

    /**
     * Accepts access tokens in the header {@code Authorization: Bearer} (RFC 6750, section 2.1). A request with such a
     * header is judged by it alone, and its cookies are ignored. Browsers never send that header by themselves, so
     * nothing is checked against other sites.
     *
     * @return this builder
     */
    public SessionFilterBuilder bearer() {
        isBearer = true;
        return this;
    }

    /**
     * Keeps tokens in cookies, for pages and their scripts. The names begin with {@code __Host-}, so only this host can
     * set them, over HTTPS. They are {@code HttpOnly}, {@code Secure} and {@code SameSite=Lax}, and live as long as the
     * session can. Chrome and Firefox accept them from {@code http://localhost} too; Safari does not.
     *
     * <p>Browsers keep no cookie longer than 4,096 bytes, so a longer access token is refused. Containers also limit
     * all headers of a request, to 8 KB by default. A browser may send the cookies of two logins for a moment. Keep
     * access tokens shorter than about 2,900 characters, or raise the limit of the container.
     *
     * <p>Behind a proxy that ends TLS the cookies are the same. The filter then sees {@code http} where the browser
     * sees {@code https}, so set {@link #origins}.
     *
     * @return this builder
     */
    public SessionFilterBuilder cookies() {
        hasCookies = true;
        return this;
    }

    /**
     * Sets the name that the names of the cookies contain. Two applications on one host need different ones. Default:
     * {@code session}.
     *
     * @param name 1 to 32 letters and digits
     * @return this builder
     * @throws IllegalArgumentException if the name has another form
     */
    public SessionFilterBuilder cookieName(String name) {
        if (!COOKIE_NAME.matcher(requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException("A cookie name must have 1 to 32 letters and digits, was " + name);
        }
        cookieName = name;
        return this;
    }

    /**
     * Sets when browsers send the cookies with requests that other sites cause. Default: {@link SameSite#LAX}.
     *
     * @param sameSite the attribute of the cookies
     * @return this builder
     */
    public SessionFilterBuilder sameSite(SameSite sameSite) {
        this.sameSite = requireNonNull(sameSite, "sameSite");
        return this;
    }

    /**
     * Sets the paths that this filter lets pass without a look at the request, in place of those set before: pages for
     * everybody, the refresh endpoint of an API, or what another filter protects. An address that servers may read in
     * different ways, such as {@code /account/..;/static/a}, is not open. Default: none.
     *
     * @param paths below the context path: whole ones such as {@code /health}, or {@code /static/*} for {@code /static}
     *     and all below
     * @return this builder
     * @throws IllegalArgumentException if a path has another form
     */
    public SessionFilterBuilder open(String... paths) {
        open = checked(paths);
        return this;
    }

    /**
     * Sets the paths whose requests are no activity, such as the address that an open page polls, in place of those set
     * before. Otherwise such a page would keep its session from ever being idle
     * ({@link SessionAwareTokenService#validateWithoutActivity}). Default: none.
     *
     * @param paths as for {@link #open}
     * @return this builder
     * @throws IllegalArgumentException if a path has another form
     */
    public SessionFilterBuilder withoutActivity(String... paths) {
        withoutActivity = checked(paths);
        return this;
    }

    /**
     * Sets the page to which a browser without a live session is redirected, with the parameter {@code returnTo}
     * ({@link SessionFilter#returnAddress}). The page itself needs no session. Requests of scripts get 401
     * nevertheless: those whose {@code Sec-Fetch-Mode} is not {@code navigate}, and from older browsers those that do
     * not accept {@code text/html}. Default: every request gets 401.
     *
     * @param path a path below the context path, such as {@code /sign-in}
     * @return this builder
     * @throws IllegalArgumentException if the path has another form
     */
    public SessionFilterBuilder signInPage(String path) {
        signInPage = page(path);
        return this;
    }

    /**
     * Sets the page on which a user authenticates again, to which a browser is redirected if a servlet throws
     * {@link io.github.sessionaware.ReauthenticationRequiredException}. The page needs a session. Default: the request
     * gets 401 with the challenge of RFC 9470.
     *
     * @param path as for {@link #signInPage}
     * @return this builder
     * @throws IllegalArgumentException if the path has another form
     */
    public SessionFilterBuilder stepUpPage(String path) {
        stepUpPage = page(path);
        return this;
    }

    /**
     * Sets the origins of this application as browsers see them, and of other pages that may send it requests with its
     * cookies. A request that may change something and names another origin gets 403, also one that came through
     * another host name of this server. Without this setting, requests from the scheme and host that they name
     * themselves are accepted, which is wrong behind a proxy that ends TLS.
     *
     * @param origins one or more such as {@code https://shop.example}, in lower case, without a slash at the end and
     *     without the default port
     * @return this builder
     * @throws IllegalArgumentException if there is none, or one has another form
     */
    public SessionFilterBuilder origins(String... origins) {
        Set<String> checked = new LinkedHashSet<>(Arrays.asList(origins));
        for (String origin : checked) {
            if (!ORIGIN.matcher(requireNonNull(origin, "origins")).matches()
                    || DEFAULT_PORT.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "An origin must be like https://shop.example or http://localhost:8080, was " + origin);
            }
        }
        if (checked.isEmpty()) {
            throw new IllegalArgumentException("origins must name at least one origin");
        }
        this.origins = checked;
        return this;
    }

    /**
     * Sets the secret for tokens in forms, which older browsers need: those that send neither {@code Sec-Fetch-Site}
     * nor {@code Origin}. Without it, their requests that may change something get 403, except the sign-in form, which
     * no token protects in such browsers. Each form then carries the {@link SessionFilter#formFields}; a script sends
     * the same value as {@code X-CSRF-Token}. Default: none.
     *
     * @param secret 32 random bytes or more, the same on all nodes, and used for nothing else; copied
     * @return this builder
     * @throws IllegalArgumentException if the secret is shorter
     */
    public SessionFilterBuilder formSecret(byte[] secret) {
        forms = new FormTokens(requireNonNull(secret, "secret"));
        return this;
    }

    /**
     * Binds the sessions of browsers to keys of their devices, so that copied cookies are worth nothing after minutes.
     * Experimental: may change in a minor release. The service needs
     * {@link io.github.sessionaware.SessionAwareTokenServiceBuilder#deviceBinding}. Browsers that cannot bind their
     * session refresh it as before. Browsers bind sessions over HTTPS only. Default: no session is bound.
     *
     * @param deviceBound the settings, for instance {@link ExperimentalDeviceBound#defaults()}
     * @return this builder
     */
    public SessionFilterBuilder deviceBound(ExperimentalDeviceBound deviceBound) {
        this.deviceBound = requireNonNull(deviceBound, "deviceBound");
        return this;
    }

    /**
     * Sets the roles of a session, for {@code isUserInRole}. Default: none.
     *
     * @param roles for instance {@code session -> session.claimList("roles", String.class)}; called for each question
     * @return this builder
     */
    public SessionFilterBuilder roles(Function<AuthenticatedSession, ? extends Collection<String>> roles) {
        this.roles = requireNonNull(roles, "roles");
        return this;
    }

    /**
     * Sets how the device of a request is found. Default: the header {@code User-Agent} and the address of the
     * connection, which behind a proxy is the address of the proxy. With session-aware-jwt-client-info, pass
     * {@code RequestClientInfo.with(reader)}.
     *
     * @param clientInfo called for logins and refreshes only
     * @return this builder
     */
    public SessionFilterBuilder clientInfo(Function<HttpServletRequest, ClientInfo> clientInfo) {
        this.clientInfo = requireNonNull(clientInfo, "clientInfo");
        return this;
    }

    /**
     * Creates the filter.
     *
     * @return a filter that does not change with this builder
     * @throws IllegalStateException if the filter would accept no tokens, if there are settings for cookies without
     *     {@link #cookies}, or if there is {@link #deviceBound} and the service binds no sessions
     */
    public SessionFilter build() {
        if (!isBearer && !hasCookies) {
            throw new IllegalStateException("The filter would accept no tokens: call bearer(), cookies() or both");
        }
        boolean isForCookies = signInPage != null
                || stepUpPage != null
                || forms != null
                || !origins.isEmpty()
                || cookieName != null
                || sameSite != null
                || deviceBound != null;
        if (isForCookies && !hasCookies) {
            throw new IllegalStateException(
                    "signInPage, stepUpPage, formSecret, origins, cookieName, sameSite and deviceBound"
                            + " are for browsers with cookies: call cookies() too");
        }
        return new SessionFilter(this);
    }

    PathPatterns openPaths() {
        return new PathPatterns(open);
    }

    /** Returns null if this filter sets no cookies. */
    @Nullable
    TokenCookies tokenCookies() {
        return hasCookies
                ? new TokenCookies(
                        requireNonNullElse(cookieName, "session"),
                        requireNonNullElse(sameSite, SameSite.LAX),
                        InstantSource.system())
                : null;
    }

    CrossSite crossSite() {
        return new CrossSite(origins, forms);
    }

    static ClientInfo agentAndAddress(HttpServletRequest request) {
        return ClientInfo.builder()
                .userAgent(request.getHeader("User-Agent"))
                .ipAddress(request.getRemoteAddr())
                .build();
    }

    static List<String> checked(String... paths) {
        List<String> copy = List.of(paths);
        var unused = new PathPatterns(copy);
        return copy;
    }

    private static String page(String path) {
        if (requireNonNull(path, "path").endsWith("*")) {
            throw new IllegalArgumentException("A page must be one path such as /sign-in, was " + path);
        }
        return checked(path).get(0);
    }
}
