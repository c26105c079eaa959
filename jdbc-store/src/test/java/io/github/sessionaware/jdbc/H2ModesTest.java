package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** H2 in its other modes, which change identifiers, types and comparisons, and in a file. */
class H2ModesTest {
    private static final String AS_POSTGRESQL = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
    private static final String AS_MYSQL = ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";

    @ParameterizedTest
    @ValueSource(strings = {AS_POSTGRESQL, AS_MYSQL})
    void everyStatementWorksInAnotherMode(String mode) {
        assertEveryStatementWorks(H2Database.inMemory(mode));
    }

    @Test
    void everyStatementWorksInAFile(@TempDir Path folder) {
        assertEveryStatementWorks(H2Database.inFile(folder));
    }

    private static void assertEveryStatementWorks(TestDatabase database) {
        JdbcSessionStore store = new JdbcSessionStore(database.driver());
        store.createTableIfMissing();
        store.createTableIfMissing();

        store.create(SESSION);
        store.create(SampleSessions.session("o".repeat(22), USER.toUpperCase(Locale.ROOT), START));
        Session touched = SESSION.touched(START.plusSeconds(1), SESSION.expiresAt());
        assertTrue(store.touch(SESSION, touched.lastActiveAt(), touched.expiresAt()));
        assertEquals(List.of(touched), store.list(USER));
        assertTrue(store.replace(touched, SESSION));
        assertEquals(Optional.of(SESSION), store.findAll(Set.of(ID, "none")).get(ID));
        assertEquals(
                Optional.of(List.of()),
                store.createLimited(SampleSessions.session('b'), all -> Optional.of(List.of())));
        assertEquals(Optional.of(SESSION), store.delete(USER, ID));
        assertEquals(List.of(SampleSessions.session('b')), store.deleteAll(USER));
        assertEquals(1, store.purge(START));
    }

    @Nested
    @Tag("thorough")
    class ContractAsPostgreSql extends Contract {
        ContractAsPostgreSql() {
            super(H2Database.inMemory(AS_POSTGRESQL));
        }
    }

    @Nested
    @Tag("thorough")
    class ContractAsMySql extends Contract {
        ContractAsMySql() {
            super(H2Database.inMemory(AS_MYSQL));
        }
    }

    @Nested
    @Tag("thorough")
    class ContractInAFile extends Contract {
        ContractInAFile(@TempDir Path folder) {
            super(H2Database.inFile(folder));
        }
    }

    private abstract static class Contract extends StoreContracts.Contract {
        private final TestDatabase database;

        Contract(TestDatabase database) {
            this.database = database;
        }

        @Override
        WatchedDataSource connect() {
            return new WatchedDataSource(database.driver());
        }
    }
}
