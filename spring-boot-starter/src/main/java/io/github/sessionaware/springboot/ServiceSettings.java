package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.Former;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.Limit;
import io.github.sessionaware.springboot.SessionAwareJwtProperties.RefreshTokens;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Applies the properties to the builder of the service. What has no property keeps the builder's default. */
record ServiceSettings(SessionAwareJwtProperties properties) {
    private static final Duration DEFAULT_ABSOLUTE_TIMEOUT = Duration.ofDays(30);
    private static final Duration DEFAULT_ACCESS_TOKEN_LIFETIME = Duration.ofMinutes(15);

    /** Returns how long an access token is accepted, the leeway included. */
    Duration tokensLive() {
        return accessTokenLifetime().plus(Objects.requireNonNullElse(properties.leeway(), Duration.ZERO));
    }

    /** Without refresh tokens nobody can renew a token, so that it must live as long as its session. */
    private Duration accessTokenLifetime() {
        if (properties.accessTokenLifetime() != null) {
            return properties.accessTokenLifetime();
        }
        return hasRefreshTokens()
                ? DEFAULT_ACCESS_TOKEN_LIFETIME
                : Objects.requireNonNullElse(properties.absoluteTimeout(), DEFAULT_ABSOLUTE_TIMEOUT);
    }

    private boolean hasRefreshTokens() {
        return StringUtils.hasText(properties.refreshTokens().secret());
    }

    SessionAwareTokenServiceBuilder builder() {
        if (!StringUtils.hasText(properties.issuer())) {
            throw new InvalidConfigurationException(
                    "The issuer of the tokens is missing",
                    "Set it to the URL of the application: session-aware-jwt.issuer=https://shop.example");
        }
        SessionAwareTokenServiceBuilder builder = SessionAwareTokenService.builder();
        set("issuer", properties.issuer(), builder::issuer);
        List<String> audiences = properties.audiences();
        if (!audiences.isEmpty()) {
            set(
                    "audiences",
                    audiences,
                    all -> builder.audience(
                            all.get(0), all.subList(1, all.size()).toArray(String[]::new)));
        }
        for (Former former : properties.acceptFormer()) {
            set(
                    "accept-former",
                    former,
                    each -> builder.acceptFormer(
                            each.issuer(), Objects.requireNonNullElse(each.audience(), each.issuer())));
        }
        set("token-type", properties.tokenType(), builder::tokenType);
        set("session-id-claim", properties.sessionIdClaim(), builder::sessionIdClaim);
        set("access-token-lifetime", accessTokenLifetime(), builder::accessTokenLifetime);
        set("idle-timeout", properties.idleTimeout(), builder::idleTimeout);
        set("absolute-timeout", properties.absoluteTimeout(), builder::absoluteTimeout);
        set("activity-interval", properties.activityInterval(), builder::activityInterval);
        set("max-staleness", properties.maxStaleness(), builder::maxStaleness);
        set("leeway", properties.leeway(), builder::leeway);
        set("verified-token-cache-size", properties.verifiedTokenCacheSize(), builder::verifiedTokenCacheSize);
        set(
                "accept-stateless-tokens-until",
                properties.acceptStatelessTokensUntil(),
                builder::acceptStatelessTokensUntil);
        set("session-limit", properties.sessionLimit(), limit -> builder.sessionLimit(sessionLimit(limit)));
        refreshTokens(builder);
        return builder;
    }

    private void refreshTokens(SessionAwareTokenServiceBuilder builder) {
        RefreshTokens refresh = properties.refreshTokens();
        if (hasRefreshTokens()) {
            String property = "session-aware-jwt.refresh-tokens.";
            byte[] secret = KeyLoader.secret(Objects.requireNonNull(refresh.secret()), property + "secret");
            byte[][] former = refresh.formerSecrets().stream()
                    .map(each -> KeyLoader.secret(each, property + "former-secrets"))
                    .toArray(byte[][]::new);
            set("refresh-tokens.secret", secret, given -> builder.refreshTokens(given, former));
        } else if (!refresh.formerSecrets().isEmpty()) {
            throw new InvalidConfigurationException(
                    "session-aware-jwt.refresh-tokens.former-secrets needs session-aware-jwt.refresh-tokens.secret",
                    "Set the secret that makes the refresh tokens");
        }
        set("refresh-tokens.grace-window", refresh.graceWindow(), builder::refreshGraceWindow);
        builder.refuseRetriesFromAnother(refresh.refuseRetriesFromAnother().toArray(Novelty[]::new));
    }

    private static SessionLimit sessionLimit(Limit limit) {
        return limit.max() == 0 ? SessionLimit.unlimited() : new SessionLimit(limit.max(), limit.atLimit());
    }

    /** Builds the service, and explains which settings contradict each other. */
    static SessionAwareTokenService build(SessionAwareTokenServiceBuilder builder) {
        try {
            return builder.build();
        } catch (IllegalStateException e) {
            throw new InvalidConfigurationException(
                    "The settings of the token service are refused: " + e.getMessage(),
                    "Each setting is a property with the prefix session-aware-jwt, in kebab case, such as"
                            + " session-aware-jwt.absolute-timeout. refreshTokens is"
                            + " session-aware-jwt.refresh-tokens.secret, and deviceBinding has the prefix"
                            + " session-aware-jwt.device-bound",
                    e);
        }
    }

    private static <T> void set(String property, @Nullable T value, Consumer<T> setter) {
        if (value == null) {
            return;
        }
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "session-aware-jwt." + property + " is refused: " + e.getMessage(),
                    "Change the property session-aware-jwt." + property,
                    e);
        }
    }

    /** Returns the values that no endpoint may show. */
    List<String> secrets() {
        return Stream.of(
                        Stream.concat(Stream.of(properties.key()), properties.verificationKeys().stream())
                                .flatMap(key -> Stream.of(
                                        key.secret(), key.password(), KeyLoader.isText(key.pem()) ? key.pem() : null)),
                        Stream.of(properties.refreshTokens().secret()),
                        properties.refreshTokens().formerSecrets().stream())
                .flatMap(each -> each)
                .filter(StringUtils::hasText)
                .distinct()
                .toList();
    }
}
