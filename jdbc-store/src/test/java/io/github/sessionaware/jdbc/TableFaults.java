package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.decidedBy;
import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.assertShowsNoValues;
import static io.github.sessionaware.jdbc.SampleSessions.keyOf;
import static io.github.sessionaware.jdbc.SampleSessions.numbered;
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
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Survives tables and rows that others have changed, or names what is wrong with them. */
abstract class TableFaults extends StoreFixture {
    private static final List<String> INVALID = List.of(
            "version = 0",
            "version = 9223372036854775807",
            "generation = 0",
            "category = 'No category'",
            "attributes = '[]'",
            "created_at = 9223372036854775807",
            "last_active_at = -9223372036854775807",
            "expires_at = 9223372036854775807",
            "authenticated_at = 9223372036854775807",
            "authentication_methods = 'pwd  otp'",
            "idle_timeout = 1000",
            "absolute_timeout = 1000",
            "idle_timeout = 2000, absolute_timeout = 1000",
            "refresh_state = 'two words'",
            "device_key = 'two words'");

    TableFaults(TestDatabase database) {
        super(database);
    }

    @Test
    void aMissingTableIsNamedWithTheRemedyAndNoCallShowsItsValues() {
        for (Runnable call : everyCall(store)) {
            SessionStoreException failure = assertThrows(SessionStoreException.class, call::run);

            assertTrue(failure.getMessage().contains("jwt_sessions"), failure.getMessage());
            assertTrue(failure.getMessage().contains("createTableIfMissing"), failure.getMessage());
            assertTrue(failure.getCause() instanceof SQLException, "the driver's exception is the cause");
            assertShowsNoValues(failure);
        }
    }

    @Test
    void aColumnThatIsTooNarrowIsNamedAsAFaultOfTheTable() {
        store.createTableIfMissing();
        database.execute(
                "alter table jwt_sessions drop column device", "alter table jwt_sessions add column device varchar(3)");

        SessionStoreException failure =
                assertThrows(SessionStoreException.class, () -> store.create(SESSION, unconditional()));

        assertTrue(failure.getMessage().contains("another shape"), failure.getMessage());
        assertShowsNoValues(failure);
    }

    @Test
    void aDuplicateIsRefusedAndNotShown() {
        store.createTableIfMissing();
        store.create(SESSION, unconditional());

        SessionStoreException failure =
                assertThrows(SessionStoreException.class, () -> store.create(SESSION, unconditional()));

        assertShowsNoValues(failure);
    }

    @Test
    void usersThatTheCollationEqualsStaySeparate() {
        store.createTableIfMissing();
        SessionRecord bobs = session("session-of-bob-0000000000", "bob", START.plusSeconds(60));
        SessionRecord others = session("session-of-another-bob-00", "Bob", START.plusSeconds(60));
        store.create(bobs, unconditional());
        store.create(others, unconditional());
        database.foldUserIds();
        assertEquals(
                2, database.count("jwt_sessions where user_id = 'BOB'"), "without folding this test shows nothing");

        assertEquals(List.of(bobs), store.list("bob"));
        assertEquals(Optional.empty(), store.find("bob", others.id()));
        assertEquals(List.of(), store.delete("bob", Set.of(others.id())));
        SessionKey mistaken = new SessionKey("bob", others.id());
        assertEquals(
                Map.of(keyOf(bobs), Optional.of(bobs), mistaken, Optional.empty()),
                store.findAll(Set.of(keyOf(bobs), mistaken)));
        assertEquals(
                Optional.of(List.of(bobs)),
                store.create(session("new-session-of-bob-000000", "bob", START), decidedBy(Optional::of)));
        assertEquals(1, store.deleteAll("bob", null).size());
        assertEquals(Optional.of(others), store.find("Bob", others.id()));
    }

    /** A revoke reads a limited number of rows. If all of them are another user's, it must not report success. */
    @Test
    void revokeAllFailsWhereSessionsOfAnEqualUserFillTheBatch() {
        store.createTableIfMissing();
        for (int i = 0; i < SessionTable.BATCH; i++) {
            store.create(session(numbered(i).id(), "Bob", START), unconditional());
        }
        store.create(session("session-of-bob-0000000000", "bob", START), unconditional());
        database.foldUserIds();

        SessionStoreException refusal = assertThrows(SessionStoreException.class, () -> store.deleteAll("bob", null));
        assertTrue(refusal.getMessage().contains("binary collation"), refusal::getMessage);
    }

    @Test
    void invalidRowsAreNoSessionsAndARevokeOfAllDeletesThem() {
        SessionRecord valid = session('v');
        createNextToInvalidRows(valid);

        for (int i = 0; i < INVALID.size(); i++) {
            assertEquals(Optional.empty(), store.find(USER, numbered(i).id()), INVALID.get(i));
        }
        assertEquals(List.of(valid), store.list(USER));
        assertEquals(
                Map.of(keyOf(valid), Optional.of(valid), keyOf(numbered(0)), Optional.empty()),
                store.findAll(Set.of(keyOf(valid), keyOf(numbered(0)))));
        assertEquals(Optional.of(List.of(valid)), store.create(session('w'), decidedBy(Optional::of)));
        assertEquals(List.of(session('w')), store.deleteAll(USER, null));
        assertEquals(0, database.count("jwt_sessions"));
    }

    @Test
    void aRevokeOfTheOthersDeletesInvalidRows() {
        SessionRecord kept = session('v');
        createNextToInvalidRows(kept);

        assertEquals(List.of(), store.deleteAll(USER, kept.id()));

        assertEquals(List.of(kept), store.list(USER));
        assertEquals(1, database.count("jwt_sessions"));
    }

    @Test
    void aRevokeDeletesAnInvalidRowAndReturnsNoSession() {
        createNextToInvalidRows(session('v'));

        assertEquals(List.of(), store.delete(USER, Set.of(numbered(0).id())));

        assertEquals(INVALID.size(), database.count("jwt_sessions"));
    }

    @Test
    void aPurgeDeletesInvalidRowsThatHaveExpired() {
        createNextToInvalidRows(session("session-that-lives-0000", USER, START.plusSeconds(60)));

        assertEquals(INVALID.size() - 1, store.purge(START), "all except the one whose deadline is invalid");
    }

    @Test
    void theTokenOfAnInvalidRowIsRefusedAndItsUserCanRevokeEverything() {
        store.createTableIfMissing();
        SessionAwareTokenService service = aServiceOn(store).build();
        IssuedTokens broken = service.issue(USER, ClientInfo.unknown());
        IssuedTokens other = service.issue(USER, ClientInfo.unknown());
        database.execute("update jwt_sessions set category = 'No' where session_id = '"
                + broken.session().id() + "'");

        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validate(broken.accessToken()));
        assertEquals(Reason.SESSION_ENDED, refusal.reason());
        assertEquals(1, service.revokeAllSessions(USER));
        assertThrows(InvalidTokenException.class, () -> service.validate(other.accessToken()));
        assertEquals(0, database.count("jwt_sessions"));
    }

    /** Each of the other rows has an invalid value in another column. */
    private void createNextToInvalidRows(SessionRecord valid) {
        store.createTableIfMissing();
        store.create(valid, unconditional());
        for (int i = 0; i < INVALID.size(); i++) {
            store.create(numbered(i), unconditional());
            database.execute("update jwt_sessions set " + INVALID.get(i) + " where session_id = '"
                    + numbered(i).id() + "'");
        }
    }

    static List<Runnable> everyCall(JdbcSessionStore store) {
        return List.of(
                () -> store.create(SESSION, unconditional()),
                () -> store.find(USER, ID),
                () -> store.list(USER),
                () -> store.touch(SESSION, START.plusSeconds(60), START.plusSeconds(3600)),
                () -> store.create(SESSION, decidedBy(present -> Optional.of(List.of()))),
                () -> store.replace(SESSION, SESSION),
                () -> store.delete(USER, Set.of(ID)),
                () -> store.deleteAll(USER, ID),
                () -> store.deleteAll(USER, null),
                () -> store.purge(START));
    }
}
