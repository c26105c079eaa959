package io.github.sessionaware.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract of {@code store-tck} on one database, once for each way in which the store can be used. */
@Execution(ExecutionMode.CONCURRENT)
abstract class StoreContracts {
    private static final int CALLERS = 16;

    abstract TestDatabase database();

    @Nested
    class PooledWithAutoCommit extends PooledContract {
        PooledWithAutoCommit() {
            super(true);
        }
    }

    abstract class EveryReadSharedContract extends PooledContract {
        EveryReadSharedContract() {
            super(false);
        }

        @Override
        SessionStore reading(JdbcSessionStore store) {
            return new EveryReadShared(store);
        }
    }

    abstract class PooledContract extends ContractOnPool {
        private final boolean autoCommit;

        PooledContract(boolean autoCommit) {
            this.autoCommit = autoCommit;
        }

        @Override
        HikariDataSource openPool() {
            return database().pool(CALLERS, autoCommit, "");
        }
    }

    /** The contract on a pool of its own. */
    abstract static class ContractOnPool extends Contract {
        private HikariDataSource pool;

        abstract HikariDataSource openPool();

        @Override
        WatchedDataSource connect() {
            pool = openPool();
            return new WatchedDataSource(pool);
        }

        @AfterAll
        void closePool() {
            pool.close();
        }
    }

    @TestInstance(Lifecycle.PER_CLASS)
    abstract static class Contract extends SessionStoreContract {
        private WatchedDataSource watched;
        private SessionStore store;
        private SessionStore otherNode;

        abstract WatchedDataSource connect();

        SessionStore reading(JdbcSessionStore store) {
            return store;
        }

        @BeforeAll
        void createTables() {
            watched = connect();
            JdbcSessionStore created = storeOn(watched);
            created.createTableIfMissing();
            store = reading(created);
            otherNode = reading(storeOn(watched));
        }

        /** The timeout is long, so that a busy machine does not look like an outage. */
        private static JdbcSessionStore storeOn(WatchedDataSource watched) {
            return new JdbcSessionStore(watched.dataSource()).withTimeout(Duration.ofSeconds(30));
        }

        @AfterEach
        void assertThatNoConnectionIsLeftOpen() {
            watched.assertNothingIsOpen();
        }

        @Override
        public SessionStore store() {
            return store;
        }

        @Override
        public SessionStore otherNode(SessionStore sameAsStore) {
            return otherNode;
        }
    }
}
