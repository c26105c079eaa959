package io.github.sessionaware.testing;

import io.github.sessionaware.SessionStore;

/** Gives a shared test the stores that it runs on. */
public interface StoreFixture {

    /** Returns the stores of two nodes that share their sessions. There are no sessions yet. */
    Nodes emptyStores();

    /** The stores of two nodes. */
    record Nodes(SessionStore one, SessionStore other) {

        /** For a store in the memory of one process, which two services share. */
        public static Nodes sharing(SessionStore store) {
            return new Nodes(store, store);
        }
    }
}
