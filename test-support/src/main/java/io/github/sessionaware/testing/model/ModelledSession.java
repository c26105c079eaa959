package io.github.sessionaware.testing.model;

import io.github.sessionaware.IssuedTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the model knows of one session. Times are milliseconds. */
final class ModelledSession {
    final String user;
    final String id;
    final long createdAt;
    final String category;
    final Map<String, String> attributes;
    /** The tokens of each generation, from the first to the latest. Only the latest are valid. */
    final List<Tokens> generations = new ArrayList<>();

    long lastActiveAt;

    @Nullable
    String label;

    boolean exists = true;

    private final long idleTimeout;
    private final long absoluteTimeout;
    private long authenticatedAt;

    ModelledSession(
            IssuedTokens issued,
            String category,
            Map<String, String> attributes,
            long now,
            long idleTimeout,
            long absoluteTimeout) {
        this.user = issued.userId();
        this.id = issued.session().id();
        this.category = category;
        this.attributes = attributes;
        this.createdAt = now;
        this.idleTimeout = idleTimeout;
        this.absoluteTimeout = absoluteTimeout;
        authenticate(issued, now);
    }

    /** The user was authenticated, so a generation begins. */
    void authenticate(IssuedTokens tokens, long now) {
        authenticatedAt = now;
        generations.add(new Tokens());
        rotate(tokens, now);
    }

    void rotate(IssuedTokens tokens, long now) {
        Tokens latest = latest();
        latest.accessToken = tokens.accessToken();
        latest.refreshTokens.add(tokens.refreshToken());
        latest.accessTokenEnds = wholeSeconds(Math.min(now + World.ACCESS_TOKEN_LIFETIME, absoluteDeadline()));
        latest.rotatedAt = now;
        lastActiveAt = now;
    }

    Tokens latest() {
        return generations.get(generations.size() - 1);
    }

    boolean isLive(long now) {
        return exists && now < lastActiveAt + idleTimeout && now < wholeSeconds(absoluteDeadline());
    }

    String outcomeOfValidate(Tokens tokens, long now) {
        if (now >= tokens.accessTokenEnds) {
            return "EXPIRED";
        }
        if (!isLive(now)) {
            return endedOrExpired();
        }
        return tokens == latest() ? "ok" : "OTHER_GENERATION";
    }

    /** Predicts what happens to the refresh token that was given so many rotations ago. */
    String outcomeOfRefresh(Tokens tokens, int rotationsAgo, long now) {
        if (!isLive(now)) {
            return endedOrExpired();
        }
        if (tokens != latest()) {
            return "UNKNOWN_REFRESH_TOKEN";
        }
        if (rotationsAgo == 0) {
            return "rotated";
        }
        return rotationsAgo == 1 && now < tokens.rotatedAt + World.GRACE ? "same successor" : "REFRESH_TOKEN_REUSED";
    }

    String shown() {
        return World.shown(id, lastActiveAt, createdAt, authenticatedAt, label, category, attributes);
    }

    private String endedOrExpired() {
        return exists ? "SESSION_EXPIRED" : "SESSION_ENDED";
    }

    private long absoluteDeadline() {
        return authenticatedAt + absoluteTimeout;
    }

    /** Access tokens and absolute deadlines end at whole seconds, because a claim has no fractions. */
    private static long wholeSeconds(long millis) {
        return millis / 1000 * 1000;
    }

    /** The tokens of one generation: the latest access token, and all refresh tokens. */
    static final class Tokens {
        final List<String> refreshTokens = new ArrayList<>();
        String accessToken = "";
        private long accessTokenEnds;
        private long rotatedAt;
    }
}
