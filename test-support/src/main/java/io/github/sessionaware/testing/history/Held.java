package io.github.sessionaware.testing.history;

import io.github.sessionaware.IssuedTokens;

/**
 * The tokens that a client holds.
 *
 * @param generation 1 after a login, and one more after each renewed authentication; the client counts by itself
 */
record Held(IssuedTokens tokens, int generation) {

    static Held first(IssuedTokens tokens) {
        return new Held(tokens, 1);
    }

    Held refreshed(IssuedTokens next) {
        return new Held(next, generation);
    }

    Held steppedUp(IssuedTokens next) {
        return new Held(next, generation + 1);
    }

    String sessionId() {
        return tokens.session().id();
    }
}
