package io.github.sessionaware.jdbc;

/** With every read through the queue, however few the callers. */
class H2QueuedInvariantsTest extends H2InvariantsTest {
    @Override
    JdbcSessionStore reading(JdbcSessionStore store) {
        return store.withBatchedReads(64, 0);
    }
}
