package io.github.sessionaware.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import java.time.ZoneId;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The contract of {@code store-tck} on one database: through a pool, with auto-commit and without, while virtual
 * machine and database session believe to be in four different places.
 */
abstract class StoreContracts {

    abstract TestDatabase database();

    @Nested
    class PooledInBerlinTest extends Contract {
        PooledInBerlinTest() {
            super(ZoneId.of("Europe/Berlin"), true, true);
        }
    }

    @Nested
    class PooledWithoutAutoCommitInKathmanduTest extends Contract {
        PooledWithoutAutoCommitInKathmanduTest() {
            super(ZoneId.of("Asia/Kathmandu"), true, false);
        }
    }

    @Nested
    class PooledInNewYorkTest extends Contract {
        PooledInNewYorkTest() {
            super(ZoneId.of("America/New_York"), true, true);
        }
    }

    @Nested
    class PooledWithoutAutoCommitInApiaTest extends Contract {
        PooledWithoutAutoCommitInApiaTest() {
            super(ZoneId.of("Pacific/Apia"), true, false);
        }
    }

    @Nested
    class WithEveryReadQueuedTest extends Contract {
        WithEveryReadQueuedTest() {
            super(ZoneId.of("Europe/Berlin"), true, true);
        }

        @Override
        SessionStore reading(JdbcSessionStore store) {
            return store.withBatchedReads(64, 0);
        }
    }

    @Nested
    class WithEveryReadAmongOthersTest extends Contract {
        WithEveryReadAmongOthersTest() {
            super(ZoneId.of("Asia/Kathmandu"), true, false);
        }

        @Override
        SessionStore reading(JdbcSessionStore store) {
            return new AmongOthers(store);
        }
    }

    @TestInstance(Lifecycle.PER_CLASS)
    abstract class Contract extends SessionStoreContract {
        private final ZoneId zone;
        private final boolean pooled;
        private final boolean autoCommit;
        private TimeZone formerZone;
        private HikariDataSource pool;
        private WatchedDataSource watched;

        Contract(ZoneId zone, boolean pooled, boolean autoCommit) {
            this.zone = zone;
            this.pooled = pooled;
            this.autoCommit = autoCommit;
        }

        @BeforeAll
        void moveThere() {
            formerZone = TimeZone.getDefault();
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            String setZone = database().setZone(zone);
            pool = database().pool(16, autoCommit, setZone);
            watched = pooled
                    ? new WatchedDataSource(pool)
                    : new WatchedDataSource(database().driver(), connection -> {
                        connection.createStatement().execute(setZone);
                        connection.setAutoCommit(autoCommit);
                    });
        }

        @AfterEach
        void nothingIsLeftOpen() {
            watched.assertNothingIsOpen();
        }

        @AfterAll
        void moveBack() {
            pool.close();
            TimeZone.setDefault(formerZone);
        }

        @Override
        public SessionStore store() {
            JdbcSessionStore store = new JdbcSessionStore(watched.dataSource());
            store.createTableIfMissing();
            return reading(store);
        }

        SessionStore reading(JdbcSessionStore store) {
            return store;
        }
    }
}
