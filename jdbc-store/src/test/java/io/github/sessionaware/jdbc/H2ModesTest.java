package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.keyOf;
import static io.github.sessionaware.jdbc.SampleSessions.next;
import static io.github.sessionaware.jdbc.SampleSessions.session;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.testing.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** H2 in its other modes, which change identifiers, types and comparisons, and in a file. */
class H2ModesTest {
    private static final String AS_POSTGRESQL = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
    private static final String AS_MYSQL = ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    private static final String AS_ORACLE = ";MODE=Oracle";
    private static final String AS_SQL_SERVER = ";MODE=MSSQLServer";
    private static final String AS_DB2 = ";MODE=DB2";
    private static final String AS_DERBY = ";MODE=Derby";

    @ParameterizedTest
    @ValueSource(strings = {AS_POSTGRESQL, AS_MYSQL, AS_ORACLE, AS_SQL_SERVER, AS_DB2, AS_DERBY})
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

        store.create(SESSION, unconditional());
        store.create(session("o".repeat(22), USER.toUpperCase(Locale.ROOT), START), unconditional());
        SessionRecord touched = SESSION.touched(START.plusSeconds(1), SESSION.expiresAt());
        assertTrue(store.touch(SESSION, touched.lastActiveAt(), touched.expiresAt()));
        assertEquals(List.of(touched), store.list(USER));
        SessionRecord replaced = next(touched, SESSION);
        assertTrue(store.replace(touched, replaced));
        SessionKey none = new SessionKey(USER, "none");
        assertEquals(
                Map.of(keyOf(SESSION), Optional.of(replaced), none, Optional.empty()),
                store.findAll(Set.of(keyOf(SESSION), none)));
        assertEquals(Optional.of(List.of()), store.create(session('b'), decidedBy(all -> Optional.of(List.of()))));
        assertEquals(List.of(replaced), store.delete(USER, Set.of(ID)));
        store.create(session('c'), unconditional());
        assertEquals(List.of(session('c')), store.deleteAll(USER, session('b').id()));
        assertEquals(List.of(session('b')), store.deleteAll(USER, null));
        assertEquals(1, store.purge(START));
    }

    /** In this mode an empty string is null, as on Oracle. */
    @Nested
    class WhereAnEmptyStringIsNull {
        private final FakeClock clock = new FakeClock(START);
        private final JdbcSessionStore store =
                new JdbcSessionStore(H2Database.inMemory(AS_ORACLE).driver());

        @BeforeEach
        void createTables() {
            store.createTableIfMissing();
        }

        @Test
        void revokingAllSessionsEndsThem() {
            SessionAwareTokenService service = aServiceOn(store).clock(clock).build();
            IssuedTokens phone = service.issue(USER, ClientInfo.unknown());
            IssuedTokens laptop = service.issue(USER, ClientInfo.unknown());

            assertEquals(2, service.revokeAllSessions(USER));

            assertEnded(service, phone);
            assertEnded(service, laptop);
            assertEquals(List.of(), service.listSessions(USER));
        }

        @Test
        void revokingTheOthersEndsThemAndKeepsTheCurrentSession() {
            SessionAwareTokenService service = aServiceOn(store).clock(clock).build();
            IssuedTokens phone = service.issue(USER, ClientInfo.unknown());
            IssuedTokens laptop = service.issue(USER, ClientInfo.unknown());

            assertEquals(1, service.revokeOthers(service.validate(phone.accessToken())));

            service.validate(phone.accessToken());
            assertEnded(service, laptop);
        }

        @ParameterizedTest
        @EnumSource(
                value = AtLimit.class,
                names = {"END_OLDEST", "END_LEAST_RECENTLY_ACTIVE"})
        void aLimitOfTwoLeavesTwoSessions(AtLimit atLimit) {
            SessionAwareTokenService service = aServiceOn(store)
                    .clock(clock)
                    .sessionLimit(new SessionLimit(2, atLimit))
                    .build();
            IssuedTokens oldest = service.issue(USER, ClientInfo.unknown());
            for (int login = 2; login <= 4; login++) {
                clock.advance(Duration.ofMinutes(1));
                service.issue(USER, ClientInfo.unknown());
            }

            assertEquals(2, service.listSessions(USER).size());
            assertEnded(service, oldest);
        }

        private static void assertEnded(SessionAwareTokenService service, IssuedTokens issued) {
            InvalidTokenException refusal =
                    assertThrows(InvalidTokenException.class, () -> service.validate(issued.accessToken()));
            assertEquals(Reason.SESSION_ENDED, refusal.reason());
        }
    }

    @Nested
    @Tag("thorough")
    class ContractAsOracle extends Contract {
        ContractAsOracle() {
            super(H2Database.inMemory(AS_ORACLE));
        }
    }

    @Nested
    @Tag("thorough")
    class ContractAsSqlServer extends Contract {
        ContractAsSqlServer() {
            super(H2Database.inMemory(AS_SQL_SERVER));
        }
    }

    @Nested
    @Tag("thorough")
    class ContractAsDb2 extends Contract {
        ContractAsDb2() {
            super(H2Database.inMemory(AS_DB2));
        }
    }

    @Nested
    @Tag("thorough")
    class ContractAsDerby extends Contract {
        ContractAsDerby() {
            super(H2Database.inMemory(AS_DERBY));
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
