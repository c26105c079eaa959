package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract on H2 in its other modes, which change identifiers, types and comparisons. */
class H2ModesTest {

    @Nested
    class AsPostgreSqlTest extends Contract {
        AsPostgreSqlTest() {
            super(H2Database.inMemory(";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"));
        }
    }

    @Nested
    class AsMySqlTest extends Contract {
        AsMySqlTest() {
            super(H2Database.inMemory(";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"));
        }
    }

    @Nested
    class InAFileTest extends Contract {
        InAFileTest(@TempDir Path folder) {
            super(H2Database.inFile(folder));
        }
    }

    private abstract static class Contract extends SessionStoreContract {
        private final TestDatabase database;

        Contract(TestDatabase database) {
            this.database = database;
        }

        @Override
        public SessionStore store() {
            JdbcSessionStore store = new JdbcSessionStore(database.driver());
            store.createTableIfMissing();
            return store;
        }
    }
}
