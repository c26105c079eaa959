package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.history.ExplainedHistory;
import io.github.sessionaware.testing.history.LongHistory;
import org.junit.jupiter.api.Nested;

/** Histories of two nodes on one database. */
abstract class StoreHistory {

    abstract TestDatabase database();

    @Nested
    class DirectTest extends TwoPools implements ExplainedHistory {
        DirectTest() {
            super(database());
        }
    }

    /** Every read goes through the queue. */
    @Nested
    class QueuedTest extends TwoPools implements ExplainedHistory {
        QueuedTest() {
            super(database());
        }

        @Override
        SessionStore reading(JdbcSessionStore store) {
            return new EveryReadShared(store);
        }
    }

    @Nested
    class DirectAndLongTest extends DirectTest implements LongHistory {}

    @Nested
    class QueuedAndLongTest extends QueuedTest implements LongHistory {}
}
