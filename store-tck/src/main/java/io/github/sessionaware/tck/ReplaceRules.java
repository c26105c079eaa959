package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LOGIN;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.emoji;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.replaced;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SessionTimeouts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A replace needs the current record, and never creates one. Of concurrent replaces, one wins. */
interface ReplaceRules extends Rules {

    /** @hidden */
    @Test
    default void refreshStateIsKept() {
        SessionStore store = store();
        String user = aUser();
        String longest = "~!" + "x".repeat(253);
        List<Session> sessions = Stream.of(null, "x", "-", longest, longest.toUpperCase(Locale.ROOT))
                .map(state -> withState(aSession(user), state))
                .toList();

        createAll(store, sessions);

        for (Session session : sessions) {
            assertStored(store, session, "A store must keep a refresh state of up to 255 ASCII characters, or null");
        }
        assertSame(sessions, store.deleteAll(user), "A delete must return the refresh state");
    }

    /** @hidden */
    @Test
    default void labelAuthenticationAndTimeoutsAreKept() {
        SessionStore store = store();
        String user = aUser();
        Authentication plain = new Authentication(LOGIN, List.of());
        List<Session> sessions = List.of(
                withLabel(aSession(user), "kitchen tablet"),
                withLabel(aSession(user), emoji(64)),
                with(aSession(user), null, new Authentication(LATER, List.of("pwd", "OTP", "pwd")), null),
                with(aSession(user), null, new Authentication(LOGIN, List.of("x".repeat(255))), null),
                with(aSession(user), null, plain, SessionTimeouts.NIST_AAL3),
                with(aSession(user), null, plain, new SessionTimeouts(Duration.ofMillis(1), Duration.ofDays(3650))));

        createAll(store, sessions);

        for (Session session : sessions) {
            assertStored(store, session, "A store must keep label, authentication and timeouts");
        }
        assertSame(sessions, store.deleteAll(user), "A delete must return label, authentication and timeouts");
    }

    /** @hidden */
    @Test
    default void touchKeepsEverythingExceptTheTimes() {
        SessionStore store = store();
        Session session = replaced(aSession(aUser()), "state-1");
        store.create(session);

        assertTrue(
                store.touch(session, LATER.plusMillis(1), DEADLINE), "touch of an unchanged record must return true");

        assertStored(
                store,
                session.touched(LATER.plusMillis(1), DEADLINE),
                "touch must keep refresh state, label, authentication and timeouts");
    }

    /** @hidden */
    @Test
    default void replaceSetsEveryFieldThatMayChange() {
        SessionStore store = store();
        Session seen = withState(aSession(aUser()), "state-1");
        Session next = replaced(seen, "state-2");
        store.create(seen);

        assertTrue(store.replace(seen, next), "replace of an unchanged record must return true");
        assertStored(store, next, "replace must set everything except user id and creation time");

        Session without = withState(seen, null);
        assertTrue(store.replace(next, without), "replace of an unchanged record must return true");
        assertStored(store, without, "replace must also set fields to null and times to earlier ones");

        assertTrue(store.replace(without, next), "replace must also work for a record without a refresh state");
        assertStored(store, next, "replace must also work for a record without a refresh state");
    }

    /** @hidden */
    @Test
    default void replaceAfterAConcurrentTouchChangesNothing() {
        SessionStore store = store();
        Session seen = withState(aSession(aUser()), "state-1");
        store.create(seen);
        store.touch(seen, LATER, DEADLINE);

        assertFalse(
                store.replace(seen, replaced(seen, "state-2")),
                "A touch after the caller read the record must make replace return false");

        assertStored(store, seen.touched(LATER, DEADLINE), "The touch must stay in effect");
    }

    /** @hidden */
    @Test
    default void replaceAfterAConcurrentReplaceChangesNothing() {
        SessionStore store = store();
        for (String before : new String[] {"state-1", null}) {
            Session seen = withState(aSession(aUser()), before);
            Session first = withState(seen, "STATE-1");
            store.create(seen);
            store.replace(seen, first);

            assertFalse(
                    store.replace(seen, withState(seen, "state-2")),
                    "A new refresh state after the caller read the record must make replace return false");

            assertStored(store, first, "The first replace must stay in effect");
        }
    }

    /** @hidden */
    @Test
    default void replaceAfterAConcurrentLabelChangeChangesNothing() {
        SessionStore store = store();
        for (String before : new String[] {"tablet", null}) {
            Session seen = withLabel(aSession(aUser()), before);
            Session first = withLabel(seen, "TABLET");
            store.create(seen);
            store.replace(seen, first);

            assertFalse(
                    store.replace(seen, replaced(seen, "state-2")),
                    "A new label after the caller read the record must make replace return false");

            assertStored(store, first, "The first replace must stay in effect");
        }
    }

    /** @hidden */
    @Test
    default void replaceOfARecordByItselfReturnsTrue() {
        SessionStore store = store();
        Session session = replaced(aSession(aUser()), "state-1");
        store.create(session);

        assertTrue(
                store.replace(session, session),
                "replace of a record by itself must return true: count the rows found, not the rows changed");

        assertStored(store, session, "replace of a record by itself must keep the record");
    }

    /** @hidden */
    @Test
    default void replaceMayChangeTheId() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);
        Session seen = sessions.get(1);
        Session next = replaced(random(), seen, "state-1");

        assertTrue(store.replace(seen, next), "replace of an unchanged record must return true");

        assertGone(store, seen, "The record must be gone under its old id");
        assertStored(store, next, "The record must be found under its new id");
        assertSame(
                List.of(sessions.get(0), next, sessions.get(2)),
                store.list(user),
                "replace must not change other records");
        assertEquals(Optional.of(next), store.delete(user, next.id()), "delete must find the record under its new id");
    }

    /** @hidden */
    @Test
    default void replaceWithAnExistingIdIsRefusedAndChangesNothing() {
        SessionStore store = store();
        Session seen = aSession(aUser());
        Session other = aSession(aUser());
        createAll(store, List.of(seen, other));

        assertThrows(
                SessionStoreException.class,
                () -> store.replace(seen, replaced(other.id(), seen, null)),
                "replace must throw SessionStoreException if the new id exists");

        assertStored(store, seen, "A refused replace must not change the record");
        assertStored(store, other, "A refused replace must not change the record that has the id");
    }

    /** @hidden */
    @Test
    default void replaceWithANewIdAfterAConcurrentTouchChangesNothing() {
        SessionStore store = store();
        Session seen = aSession(aUser());
        Session next = replaced(random(), seen, "state-1");
        store.create(seen);
        store.touch(seen, LATER, DEADLINE);

        assertFalse(
                store.replace(seen, next), "A touch after the caller read the record must make replace return false");

        assertGone(store, next, "A replace that returns false must create nothing");
        assertStored(store, seen.touched(LATER, DEADLINE), "The touch must stay in effect");
    }

    /** @hidden */
    @Test
    default void replaceChangesNoOtherRecord() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);
        Session next = replaced(sessions.get(1), "state-2");

        store.replace(sessions.get(1), next);

        assertSame(
                List.of(sessions.get(0), next, sessions.get(2)),
                store.list(user),
                "replace must change only one record of the user");
    }

    /** @hidden */
    @Test
    default void replaceOfAMissingRecordCreatesNothing() {
        SessionStore store = store();
        Session unknown = aSession(aUser());
        Session deleted = aSession(aUser());
        store.create(deleted);
        store.delete(deleted.userId(), deleted.id());

        for (Session session : List.of(unknown, deleted)) {
            assertFalse(
                    store.replace(session, replaced(session, "state-2")),
                    "replace of a missing record must return false");
            assertGone(store, session, "replace must never create a record");
        }
    }

    /** @hidden */
    @Test
    default void exactlyOneOfSimultaneousReplacesWins() throws Exception {
        SessionStore store = store();
        Session seen = withState(aSession(aUser()), "state-0");
        store.create(seen);

        try (Race race = new Race()) {
            for (int round = 1; round <= Race.ROUNDS; round++) {
                Session current = seen;
                int number = round;
                List<Session> attempts = IntStream.range(0, Race.CALLERS)
                        .mapToObj(i -> withState(current, "state-" + number + "-" + i))
                        .toList();
                List<Race.Call<Boolean>> calls = attempts.stream()
                        .map(attempt -> race.add(() -> store.replace(current, attempt)))
                        .toList();
                race.run();

                List<Session> winners = Race.winners(calls, attempts);
                assertEquals(
                        1, winners.size(), "Exactly one of the simultaneous replaces of one record must return true");
                assertStored(store, winners.get(0), "The store must contain the replace that returned true");
                seen = winners.get(0);
            }
        }
    }

    /** @hidden */
    @Test
    default void replaceRacingDeleteDoesNotReviveTheRecord() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                Session seen = withState(aSession(aUser()), "state-1");
                Session next = replaced(seen, "state-2");
                store.create(seen);
                Race.Call<Boolean> replace = race.add(() -> store.replace(seen, next));
                Race.Call<List<Session>> removed = race.add(() -> store.deleteAll(seen.userId()));
                race.run();

                assertEquals(
                        List.of(replace.result() ? next : seen),
                        removed.result(),
                        "A delete must return the last state of the record: replaced only if replace returned true");
                assertGone(store, seen, "A replace must not revive a record that a concurrent delete removes");
            }
        }
    }

    /** @hidden */
    @Test
    default void exactlyOneOfSimultaneousReplacesWithNewIdsWins() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                Session seen = aSession(aUser());
                store.create(seen);
                List<Session> attempts = Stream.generate(() -> replaced(random(), seen, null))
                        .limit(Race.CALLERS)
                        .toList();
                List<Race.Call<Boolean>> calls = attempts.stream()
                        .map(attempt -> race.add(() -> store.replace(seen, attempt)))
                        .toList();
                race.run();

                List<Session> winners = Race.winners(calls, attempts);
                assertEquals(
                        1, winners.size(), "Exactly one of the simultaneous replaces with new ids must return true");
                assertSame(
                        winners,
                        store.list(seen.userId()),
                        "The store must contain exactly the record of the replace that returned true");
            }
        }
    }

    /** @hidden */
    @Test
    default void replaceWithANewIdRacingDeleteDoesNotEscapeIt() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                Session seen = aSession(aUser());
                Session next = replaced(random(), seen, null);
                boolean all = round % 2 == 0;
                store.create(seen);
                Race.Call<Boolean> replace = race.add(() -> store.replace(seen, next));
                Race.Call<List<Session>> removed = race.add(
                        () -> all ? store.deleteAll(seen.userId()) : store.deleteOthers(seen.userId(), random()));
                race.run();

                assertEquals(
                        List.of(replace.result() ? next : seen),
                        removed.result(),
                        "A delete must remove a record that existed before it began, under its old or new id");
                assertSame(List.of(), store.list(seen.userId()), "A delete must leave no record under a new id");
            }
        }
    }

    private static Session withState(Session session, @Nullable String refreshState) {
        return with(session, session.label(), session.authentication(), session.timeouts(), refreshState);
    }

    private static Session withLabel(Session session, @Nullable String label) {
        return with(session, label, session.authentication(), session.timeouts());
    }

    private static Session with(
            Session session,
            @Nullable String label,
            Authentication authentication,
            @Nullable SessionTimeouts timeouts) {
        return with(session, label, authentication, timeouts, session.refreshState());
    }

    private static Session with(
            Session session,
            @Nullable String label,
            Authentication authentication,
            @Nullable SessionTimeouts timeouts,
            @Nullable String refreshState) {
        return new Session(
                session.id(),
                session.userId(),
                session.client(),
                label,
                session.createdAt(),
                session.lastActiveAt(),
                session.expiresAt(),
                authentication,
                timeouts,
                refreshState);
    }
}
