package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.next;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PostgresStoreTest extends StoreOnDatabase {
    private static final TestDatabase DATABASE = PostgresServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Nested
    class OnPostgresAlone extends StoreFixture {
        OnPostgresAlone() {
            super(DATABASE);
        }

        @Test
        void aMissingRightIsNamed() {
            store.createTableIfMissing();
            database.execute(
                    "create role limited",
                    "grant select, insert, update, delete on jwt_sessions to limited",
                    "grant create on schema public to limited");
            WatchedDataSource limited = new WatchedDataSource(
                    database.driver(),
                    connection -> connection.createStatement().execute("set role limited"));

            SessionStoreException failure = assertThrows(
                    SessionStoreException.class,
                    () -> new JdbcSessionStore(limited.dataSource()).createTableIfMissing());

            String cause = failure.getCause().getMessage();
            assertTrue(cause.contains("permission denied for table jwt_sessions_schema"), cause);
        }

        /** {@link PostgresCrashTest} and {@link PostgresSynchronousReplicaTest} show what follows from this. */
        @Test
        void onlyATouchCommitsWithoutWaitingForTheDiskOrAStandby() {
            store.createTableIfMissing();
            recordHowEachChangeCommits();

            store.create(SESSION, unconditional());
            SessionRecord touched = SESSION.touched(START.plusSeconds(1), SESSION.expiresAt());
            assertTrue(store.touch(SESSION, touched.lastActiveAt(), touched.expiresAt()));
            assertTrue(store.replace(touched, next(touched, SESSION)));
            store.create(session('b'), decidedBy(present -> Optional.of(List.of())));
            store.delete(USER, Set.of(session('b').id()));
            store.deleteAll(USER, null);

            assertEquals(
                    List.of("INSERT on", "UPDATE off", "UPDATE on", "INSERT on", "DELETE on", "DELETE on"),
                    database.rows("changes order by number").stream()
                            .map(OnPostgresAlone::change)
                            .toList());
        }

        private void recordHowEachChangeCommits() {
            database.execute(
                    "create table changes (number serial, operation text, synchronous_commit text)",
                    """
                    create function record_change() returns trigger language plpgsql as $$
                    begin
                        insert into changes (operation, synchronous_commit)
                        values (tg_op, current_setting('synchronous_commit'));
                        return null;
                    end $$
                    """,
                    "create trigger record_change after insert or update or delete on jwt_sessions"
                            + " for each row execute function record_change()");
        }

        private static String change(Map<String, Object> row) {
            return row.get("operation") + " " + row.get("synchronous_commit");
        }
    }
}
