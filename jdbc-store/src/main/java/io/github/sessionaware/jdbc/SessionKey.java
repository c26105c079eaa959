package io.github.sessionaware.jdbc;

import static java.util.Objects.requireNonNull;

/** Names a row: the primary key of the session table. */
record SessionKey(String userId, String sessionId) {
    SessionKey {
        requireNonNull(userId, "userId");
        requireNonNull(sessionId, "sessionId");
    }
}
