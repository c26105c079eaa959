package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The optional settings of one more access token for a session
 * ({@link SessionAwareTokenService#reissue(AuthenticatedSession, TokenOptions)}). Immutable; each {@code with…} method
 * returns a copy:
 *
 * <pre>{@code
 * TokenOptions ticket = TokenOptions.defaults()
 *         .withType("ticket+jwt") // validate refuses it as an access token
 *         .withLifetime(Duration.ofSeconds(30));
 * }</pre>
 */
public final class TokenOptions {
    private static final TokenOptions DEFAULTS = new TokenOptions(Map.of(), null, null, null);

    private final Map<String, ?> claims;
    private final @Nullable List<String> audiences;
    private final @Nullable String type;
    private final @Nullable Duration lifetime;

    private TokenOptions(
            Map<String, ?> claims,
            @Nullable List<String> audiences,
            @Nullable String type,
            @Nullable Duration lifetime) {
        this.claims = claims;
        this.audiences = audiences;
        this.type = type;
        this.lifetime = lifetime;
    }

    /**
     * Returns options that set nothing. A token then has no claims of the application, and the service's audiences,
     * type and lifetime.
     *
     * @return the options
     */
    public static TokenOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets claims of the application, in place of those set before. Names and types are checked when the token is made.
     *
     * @param claims of the kind that {@link LoginOptions#withClaims} takes; copied
     * @return a copy
     */
    public TokenOptions withClaims(Map<String, ?> claims) {
        Map<String, ?> copy = Collections.unmodifiableMap(new LinkedHashMap<>(requireNonNull(claims, "claims")));
        return new TokenOptions(copy, audiences, type, lifetime);
    }

    /**
     * Sets for which services the token is meant, in place of the service's own audiences. This service accepts the
     * token only if one of them is its own too.
     *
     * @param audience 1 to 255 code points, no control characters
     * @param more further audiences, of the same form
     * @return a copy
     * @throws IllegalArgumentException if an audience has another form
     */
    public TokenOptions withAudience(String audience, String... more) {
        return new TokenOptions(claims, audiences(audience, more), type, lifetime);
    }

    /**
     * Sets the {@code typ} header, in place of the service's token type. {@code validate} refuses a token of another
     * type, so a ticket for one purpose does not pass for an access token. A service with this
     * {@link SessionAwareTokenServiceBuilder#tokenType} accepts it.
     *
     * @param type 1 to 255 code points, no control characters
     * @return a copy
     * @throws IllegalArgumentException if the type has another form
     */
    public TokenOptions withType(String type) {
        Identifiers.requireValid(requireNonNull(type, "type"), "type");
        return new TokenOptions(claims, audiences, type, lifetime);
    }

    /**
     * Sets how long the token is accepted, in place of the service's
     * {@link SessionAwareTokenServiceBuilder#accessTokenLifetime}.
     *
     * @param lifetime 1 second to the service's lifetime; the call refuses a longer one. {@code exp} has whole seconds
     *     and is rounded down
     * @return a copy
     * @throws IllegalArgumentException if the lifetime is shorter than 1 second
     */
    public TokenOptions withLifetime(Duration lifetime) {
        if (requireNonNull(lifetime, "lifetime").compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("lifetime must be at least 1 s, was " + lifetime);
        }
        return new TokenOptions(claims, audiences, type, lifetime);
    }

    /** Checks audiences, and drops repetitions. */
    static List<String> audiences(String audience, String... more) {
        List<String> all = new ArrayList<>(List.of(requireNonNull(audience, "audience")));
        for (String next : requireNonNull(more, "more")) {
            all.add(requireNonNull(next, "more must not contain null"));
        }
        all.forEach(each -> Identifiers.requireValid(each, "audience"));
        return all.stream().distinct().toList();
    }

    Map<String, ?> claims() {
        return claims;
    }

    List<String> audiencesOr(List<String> defaults) {
        return audiences == null ? defaults : audiences;
    }

    String typeOr(String defaults) {
        return type == null ? defaults : type;
    }

    Duration lifetimeOr(Duration defaults) {
        return lifetime == null ? defaults : lifetime;
    }
}
