package io.github.sessionaware.testing.model;

import io.github.sessionaware.IssuedTokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the model knows of one session. Times are milliseconds. */
final class ModelledSession {
    final String user;
    final long createdAt;
    final long idleTimeout;
    final long absoluteTimeout;
    /** From the first to the latest. */
    final List<String> refreshTokens = new ArrayList<>();

    IssuedTokens issued;
    long lastActiveAt;

    @Nullable
    String label;

    boolean exists = true;

    private final long authenticatedAt;
    private long accessTokenEnds;
    private long rotatedAt;

    ModelledSession(
            IssuedTokens issued, String user, long createdAt, long idleTimeout, long absoluteTimeout, long now) {
        this.user = user;
        this.createdAt = createdAt;
        this.idleTimeout = idleTimeout;
        this.absoluteTimeout = absoluteTimeout;
        this.authenticatedAt = now;
        this.issued = issued;
        rotate(issued, now);
    }

    void rotate(IssuedTokens tokens, long now) {
        issued = tokens;
        refreshTokens.add(tokens.refreshToken());
        accessTokenEnds = wholeSeconds(Math.min(now + World.ACCESS_TOKEN_LIFETIME, absoluteDeadline()));
        lastActiveAt = now;
        rotatedAt = now;
    }

    String id() {
        return issued.session().id();
    }

    boolean isLive(long now) {
        return exists && now < lastActiveAt + idleTimeout && now < wholeSeconds(absoluteDeadline());
    }

    String outcomeOfValidate(long now) {
        if (now >= accessTokenEnds) {
            return "EXPIRED";
        }
        return isLive(now) ? "ok" : endedOrExpired();
    }

    /** Predicts what happens to the refresh token that was given so many rotations ago. */
    String outcomeOfRefresh(int rotationsAgo, long now) {
        if (!isLive(now)) {
            return endedOrExpired();
        }
        if (rotationsAgo == 0) {
            return "rotated";
        }
        return rotationsAgo == 1 && now < rotatedAt + World.GRACE ? "same successor" : "REFRESH_TOKEN_REUSED";
    }

    String shown() {
        return World.shown(id(), lastActiveAt, createdAt, authenticatedAt, label);
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
}
