package io.github.sessionaware.servlet;

import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.Session;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps tokens in cookies that scripts cannot read and only this host can set ({@code __Host-}). Each login and each
 * refresh has cookies of its own names. The response that sets them deletes those that they replace.
 */
final class TokenCookies {
    private static final Logger log = LoggerFactory.getLogger(TokenCookies.class);

    /** Browsers drop a longer cookie (RFC 6265bis, section 5.5). Some count its attributes too. */
    static final int MAX_BYTES = 4_096;

    /** Browsers keep no cookie longer (RFC 6265bis, section 5.5). */
    private static final Duration LONGEST = Duration.ofDays(400);

    /** Longer than an answer is under way. */
    private static final Duration MAX_EARLY = Duration.ofSeconds(10);

    /** The greatest leeway of a service, so the clocks of its nodes differ by less. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(1);

    /**
     * Containers limit all headers of a response to 8 KB by default. The longest pair of cookies takes 5,700 bytes, and
     * a deletion 150.
     */
    private static final int MAX_PER_RESPONSE = 12;

    private static final int ATTRIBUTES =
            "; Path=/; Max-Age=34560000; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=Strict"
                    .length();

    private final String accessPrefix;
    private final String refreshPrefix;
    private final SameSite sameSite;
    private final InstantSource clock;

    TokenCookies(String name, SameSite sameSite, InstantSource clock) {
        this.accessPrefix = "__Host-" + name + "-access-";
        this.refreshPrefix = "__Host-" + name + "-refresh-";
        this.sameSite = sameSite;
        this.clock = clock;
    }

    /**
     * Returns the logins of a request, the newest first. Those from the future come last, so that they delay no later
     * login: a client has made them up, or a clock went back. A cookie that is there twice counts as missing.
     */
    List<BrowserLogin> read(HttpServletRequest request) {
        Map<Stamp, BrowserLogin> logins = new HashMap<>();
        Set<String> names = new HashSet<>();
        Cookie @Nullable [] cookies = request.getCookies();
        for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
            String name = cookie.getName();
            stamp(name).ifPresent(stamp -> {
                String token = names.add(name) ? cookie.getValue() : null;
                BrowserLogin login = logins.getOrDefault(stamp, new BrowserLogin(stamp, null, null));
                logins.put(
                        stamp,
                        name.startsWith(accessPrefix) ? login.withAccessToken(token) : login.withRefreshToken(token));
            });
        }
        long latest = clock.instant().plus(CLOCK_DIFFERENCE).toEpochMilli();
        return logins.values().stream()
                .sorted(Comparator.comparing(
                                (BrowserLogin login) -> login.stamp().login() > latest)
                        .thenComparing(BrowserLogin::stamp, Comparator.reverseOrder()))
                .toList();
    }

    private Optional<Stamp> stamp(String name) {
        if (name.startsWith(accessPrefix)) {
            return Stamp.parse(name.substring(accessPrefix.length()));
        }
        return name.startsWith(refreshPrefix) ? Stamp.parse(name.substring(refreshPrefix.length())) : Optional.empty();
    }

    /**
     * Refuses an access token that a browser would not keep. A refresh token always fits, because the longest user id
     * makes it 1,556 characters long.
     */
    void requireFitting(IssuedTokens tokens) {
        if (bytes(tokens) > MAX_BYTES) {
            throw new IllegalArgumentException(doesNotFit(tokens));
        }
    }

    private String doesNotFit(IssuedTokens tokens) {
        return "The cookie of the access token would have " + bytes(tokens)
                + " bytes with its attributes, and browsers keep at most " + MAX_BYTES
                + ": put fewer or shorter claims into the token";
    }

    private int bytes(IssuedTokens tokens) {
        return accessPrefix.length()
                + Stamp.MAX_LENGTH
                + "=".length()
                + tokens.accessToken().length()
                + ATTRIBUTES;
    }

    /**
     * Sets the cookies of new tokens. If the access token of a refresh does not fit, the refresh token goes alone: the
     * former one is used up, so the session would be lost without it.
     *
     * @param refreshToken that of the tokens, or the one that stays; null if the session has none
     */
    void set(HttpServletResponse response, Stamp stamp, IssuedTokens tokens, @Nullable String refreshToken) {
        Duration kept = kept(tokens, refreshToken != null);
        if (bytes(tokens) > MAX_BYTES) {
            log.error("{}. Until then, each request of the browser refreshes its tokens", doesNotFit(tokens));
        } else {
            add(response, accessPrefix + stamp, tokens.accessToken(), kept);
        }
        if (refreshToken != null) {
            add(response, refreshPrefix + stamp, refreshToken, kept);
        }
    }

    /** Returns the name of the cookie for all access tokens of a bound session. */
    String boundName(IssuedTokens tokens) {
        return accessPrefix + Stamp.of(tokens);
    }

    /** Returns the attributes of the cookies, without their age. */
    String attributes() {
        return "Path=/; Secure; HttpOnly; SameSite=" + sameSite.attribute();
    }

    boolean isLax() {
        return sameSite == SameSite.LAX;
    }

    /** Returns whether a {@code Set-Cookie} header is one of these cookies. */
    boolean isOurs(String header) {
        return header.startsWith(accessPrefix) || header.startsWith(refreshPrefix);
    }

    /** Returns what two filters on one request have in common only if they use the same cookies. */
    String name() {
        return accessPrefix;
    }

    /**
     * Returns how long the session can last. It may be used until its access token expires, and each use moves the end
     * of its idle time. The server decides; the browser only must not forget earlier.
     */
    private static Duration kept(IssuedTokens tokens, boolean hasRefreshToken) {
        Session session = tokens.session();
        Instant now = session.lastActiveAt();
        Duration access = Duration.between(now, tokens.accessTokenExpiresAt());
        Duration idle = Duration.between(now, session.expiresAt());
        Duration whole = hasRefreshToken ? access.plus(idle) : access;
        if (session.deviceBound()) {
            // A browser renews when it misses the cookie, so the cookie goes before the token does.
            whole = whole.minus(earlier(whole.dividedBy(20), MAX_EARLY));
        }
        return whole.compareTo(LONGEST) > 0 ? LONGEST : whole;
    }

    private static Duration earlier(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Returns whether the response can delete the cookies of one more login. */
    boolean hasRoom(HttpServletResponse response) {
        return response.getHeaders("Set-Cookie").stream().filter(this::isOurs).count() + 2 <= MAX_PER_RESPONSE;
    }

    void delete(HttpServletResponse response, BrowserLogin login) {
        add(response, accessPrefix + login.stamp(), "", Duration.ZERO);
        add(response, refreshPrefix + login.stamp(), "", Duration.ZERO);
    }

    private void add(HttpServletResponse response, String name, String value, Duration kept) {
        Cookie cookie = new Cookie(name, value);
        cookie.setPath("/");
        cookie.setSecure(true);
        cookie.setHttpOnly(true);
        cookie.setMaxAge((int) kept.toSeconds());
        cookie.setAttribute("SameSite", sameSite.attribute());
        response.addCookie(cookie);
    }
}
