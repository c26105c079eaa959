package io.github.sessionaware.jdbc;

import com.zaxxer.hikari.HikariDataSource;
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
        JdbcSessionStore storeOn(HikariDataSource pool) {
            return super.storeOn(pool).withBatchedReads(64, 0);
        }
    }

    @Nested
    class DirectAndLongTest extends DirectTest implements LongHistory {}

    @Nested
    class QueuedAndLongTest extends QueuedTest implements LongHistory {}
}
