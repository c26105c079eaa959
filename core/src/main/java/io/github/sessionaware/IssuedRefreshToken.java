package io.github.sessionaware;

import java.time.Instant;

/**
 * A presented refresh token that was issued for a session, however long ago, with the record of that session as it was
 * read. Its hash is the one that made the record's refresh state.
 */
record IssuedRefreshToken(RefreshToken token, SessionRecord session, RefreshState state, RefreshHash hash) {

    boolean isCurrent() {
        return state.isCurrent(token, hash);
    }

    /** Returns whether the current token replaced this one. */
    boolean isPrevious() {
        return state.isPrevious(token, hash);
    }

    /** Returns the current token, if this one is the previous one. */
    RefreshToken successor() {
        return hash.successor(token, state.nonce());
    }

    Instant rotatedAt() {
        return state.rotatedAt();
    }
}
