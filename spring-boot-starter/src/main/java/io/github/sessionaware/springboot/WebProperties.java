package io.github.sessionaware.springboot;

import io.github.sessionaware.servlet.SameSite;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.PropertyResolver;
import org.springframework.util.StringUtils;

/**
 * The properties of the filter and the endpoints. What is null keeps the default of the library.
 *
 * @param enabled Whether the beans for web applications are created: the filter, the security chain, the endpoints.
 * @param carriers How clients send their tokens: bearer is the header Authorization, cookies are for pages. Default:
 *     cookies if there is a sign-in page, otherwise bearer.
 * @param open Paths without a session, such as /login or /static/*. With Spring Security they count for the default
 *     chain only: a chain of the application says permitAll.
 * @param withoutActivity Paths whose requests are no activity, such as one that an open page polls.
 * @param signInPage Page to which a browser without a session is redirected. Default: 401.
 * @param stepUpPage Page on which a user authenticates again. Default: 401 with a challenge.
 * @param origins Origins of the application as browsers see them, such as https://shop.example. Needed for cookies
 *     behind a proxy that ends TLS.
 * @param cookieName Part of the names of the cookies, 1 to 32 letters and digits. Default: session.
 * @param sameSite When browsers send the cookies with requests of other sites. Default: LAX.
 * @param formSecret Secret of the tokens in forms, in Base64, for browsers that name no origin.
 * @param authoritiesClaim Claim of the access token that lists the authorities of the user, such as ROLE_admin. Without
 *     Spring Security, the roles. Default: none.
 * @param filterOrder Order of the filter, or with Spring Security, of the one before its chains that answers
 *     exceptions. A CorsFilter without Spring Security needs a smaller one.
 * @param jwks Public keys for other services.
 * @param devices Sessions of the current user as JSON.
 */
@ConfigurationProperties("session-aware-jwt.web")
record WebProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Set<Carrier> carriers,
        @DefaultValue List<String> open,
        @DefaultValue List<String> withoutActivity,
        @Nullable String signInPage,
        @Nullable String stepUpPage,
        @DefaultValue List<String> origins,
        @Nullable String cookieName,
        @Nullable SameSite sameSite,
        @Nullable String formSecret,
        @Nullable String authoritiesClaim,
        @DefaultValue("-101") int filterOrder,
        @DefaultValue Jwks jwks,
        @DefaultValue Devices devices) {

    WebProperties {
        if (carriers.isEmpty()) {
            carriers = Set.of(StringUtils.hasText(signInPage) ? Carrier.COOKIES : Carrier.BEARER);
        }
    }

    /** How clients send their tokens. */
    enum Carrier {
        /** The header Authorization. */
        BEARER,
        /** Cookies. */
        COOKIES
    }

    /**
     * The endpoint with the public keys.
     *
     * @param enabled Whether the endpoint with the public keys exists. Secrets are never among its keys.
     * @param path Path of the public keys. The default chain opens it. A chain of the application must open it.
     * @param maxAge How long others may cache the keys. At most key-rotation.publish-time.
     */
    record Jwks(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("/.well-known/jwks.json") String path,
            @DefaultValue("1m") Duration maxAge) {}

    /**
     * The endpoint with the sessions of the current user.
     *
     * @param enabled Whether the endpoint with the sessions of the current user exists.
     * @param path Path of the sessions of the current user.
     * @param recentAuthentication How long ago the user may have been authenticated to sign out another device.
     */
    record Devices(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("/sessions") String path,
            @DefaultValue("5m") Duration recentAuthentication) {}

    /**
     * Returns the paths that need no session: those of the property, and those of the library. Spring MVC, which
     * answers at the path of the keys, may itself be below a path.
     */
    List<String> openPaths(PropertyResolver environment) {
        String mvc = environment.getProperty("spring.mvc.servlet.path", "");
        String keys = StringUtils.trimTrailingCharacter(mvc, '/') + jwks.path();
        return Stream.of(
                        open.stream(),
                        Stream.ofNullable(signInPage).filter(StringUtils::hasText),
                        Stream.of(keys).filter(path -> jwks.enabled()))
                .flatMap(paths -> paths)
                .toList();
    }

    /** Returns the settings without the secret. */
    @Override
    public String toString() {
        return "WebProperties[carriers=" + carriers + ", open=" + open + "]";
    }
}
