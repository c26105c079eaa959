package io.github.sessionaware.jdbc;

/** With every read through the queue, however few the callers, and every token verified anew. */
class MariaDbQueuedInvariantsTest extends MariaDbInvariantsTest {
    @Override
    JdbcSessionStore reading(JdbcSessionStore store) {
        return store.withBatchedReads(64, 0);
    }

    @Override
    protected int verifiedTokens() {
        return 0;
    }
}
