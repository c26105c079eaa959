package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
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

/** A record is written anew by whoever saw it as it is: of several one wins, and nothing is brought back. */
abstract class ReplaceRules extends TouchRaceRules {
    private static final String LONGEST = "~!" + "x".repeat(253);
    private static final ClientInfo SAFARI = ClientInfo.builder()
            .device("Safari on iPhone")
            .location("Hamburg, DE")
            .build();

    @Test
    void refreshStateIsKept() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = Stream.of(null, "x", "-", LONGEST, LONGEST.toUpperCase(Locale.ROOT))
                .map(state -> withState(aSession(user), state))
                .toList();

        createAll(store, sessions);

        for (Session session : sessions) {
            assertStored(store, session, "A refresh state has up to 255 ASCII characters, or is null");
        }
        assertSame(sessions, store.deleteAll(user), "A delete must return the refresh state");
    }

    @Test
    void labelAuthenticationAndTimeoutsAreKept() {
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
            assertStored(store, session, "Label, authentication and timeouts must come back as they were written");
        }
        assertSame(sessions, store.deleteAll(user), "A delete must return label, authentication and timeouts");
    }

    @Test
    void touchKeepsWhatIsNoTime() {
        SessionStore store = store();
        Session session = replaced(aSession(aUser()), "state-1");
        store.create(session);

        assertTrue(
                store.touch(session, LATER.plusMillis(1), DEADLINE),
                "touch of a record as it was seen must answer true");

        assertStored(
                store,
                session.touched(LATER.plusMillis(1), DEADLINE),
                "touch must leave refresh state, label, authentication and timeouts");
    }

    @Test
    void replaceSetsEverythingThatMayDiffer() {
        SessionStore store = store();
        Session seen = withState(aSession(aUser()), "state-1");
        Session next = replaced(seen, "state-2");
        store.create(seen);

        assertTrue(store.replace(seen, next), "replace of a record as it was seen must answer true");
        assertStored(store, next, "replace must set everything but user and creation");

        Session without = withState(seen, null);
        assertTrue(store.replace(next, without), "replace of a record as it was seen must answer true");
        assertStored(store, without, "replace must set parts to null too, and may move times back");

        assertTrue(store.replace(without, next), "A record without a refresh state can be replaced too");
        assertStored(store, next, "A record without a refresh state can be replaced too");
    }

    @Test
    void replaceBySomebodyWhoWasOvertakenByATouchChangesNothing() {
        SessionStore store = store();
        Session seen = withState(aSession(aUser()), "state-1");
        store.create(seen);
        store.touch(seen, LATER, DEADLINE);

        assertFalse(
                store.replace(seen, replaced(seen, "state-2")),
                "The record was touched since it was seen: replace must answer false");

        assertStored(store, seen.touched(LATER, DEADLINE), "The touch that came first must stand");
    }

    @Test
    void replaceBySomebodyWhoWasOvertakenByAReplaceChangesNothing() {
        SessionStore store = store();
        for (String before : new String[] {"state-1", null}) {
            Session seen = withState(aSession(aUser()), before);
            Session first = withState(seen, "STATE-1");
            store.create(seen);
            store.replace(seen, first);

            assertFalse(
                    store.replace(seen, withState(seen, "state-2")),
                    "The refresh state has changed since it was seen: replace must answer false");

            assertStored(store, first, "The replace that came first must stand");
        }
    }

    @Test
    void replaceBySomebodyWhoWasOvertakenByANewLabelChangesNothing() {
        SessionStore store = store();
        for (String before : new String[] {"tablet", null}) {
            Session seen = withLabel(aSession(aUser()), before);
            Session first = withLabel(seen, "TABLET");
            store.create(seen);
            store.replace(seen, first);

            assertFalse(
                    store.replace(seen, replaced(seen, "state-2")),
                    "The label has changed since it was seen: replace must answer false");

            assertStored(store, first, "The replace that came first must stand");
        }
    }

    @Test
    void replaceOfARecordByItselfAnswersTrue() {
        SessionStore store = store();
        Session session = replaced(aSession(aUser()), "state-1");
        store.create(session);

        assertTrue(
                store.replace(session, session),
                "A record that is as it was seen can be replaced by itself: count what was found, not what differs");

        assertStored(store, session, "A record that was replaced by itself must be there");
    }

    @Test
    void replaceMayGiveTheRecordAnotherId() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);
        Session seen = sessions.get(1);
        Session next = replaced(random(), seen, "state-1");

        assertTrue(store.replace(seen, next), "replace of a record as it was seen must answer true");

        assertGone(store, seen, "Under its old id the record must be gone");
        assertStored(store, next, "Under its new id the record must be there");
        assertSame(
                List.of(sessions.get(0), next, sessions.get(2)), store.list(user), "The others must stay as they are");
        assertEquals(Optional.of(next), store.delete(user, next.id()), "Under its new id the record must be deletable");
    }

    @Test
    void replaceToAnIdThatExistsIsRefusedAndChangesNothing() {
        SessionStore store = store();
        Session seen = aSession(aUser());
        Session other = aSession(aUser());
        createAll(store, List.of(seen, other));

        assertThrows(
                SessionStoreException.class,
                () -> store.replace(seen, replaced(other.id(), seen, null)),
                "replace must refuse an id that exists with SessionStoreException");

        assertStored(store, seen, "The record must stay as it is");
        assertStored(store, other, "The record that has the id must stay as it is");
    }

    @Test
    void replaceToAnotherIdBySomebodyWhoWasOvertakenChangesNothing() {
        SessionStore store = store();
        Session seen = aSession(aUser());
        Session next = replaced(random(), seen, "state-1");
        store.create(seen);
        store.touch(seen, LATER, DEADLINE);

        assertFalse(store.replace(seen, next), "The record was touched since it was seen: replace must answer false");

        assertGone(store, next, "A replace that answers false must create nothing");
        assertStored(store, seen.touched(LATER, DEADLINE), "The touch that came first must stand");
    }

    @Test
    void replaceChangesNoOtherRecord() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 3);
        createAll(store, sessions);
        Session next = replaced(sessions.get(1), "state-2");

        store.replace(sessions.get(1), next);

        assertSame(
                List.of(sessions.get(0), next, sessions.get(2)),
                store.list(user),
                "replace must change one record, not all of the user's");
    }

    @Test
    void replaceOfWhatIsNotThereCreatesNothing() {
        SessionStore store = store();
        Session unknown = aSession(aUser());
        Session deleted = aSession(aUser());
        store.create(deleted);
        store.delete(deleted.userId(), deleted.id());

        for (Session session : List.of(unknown, deleted)) {
            assertFalse(store.replace(session, replaced(session, "state-2")), "replace of nothing must answer false");
            assertGone(store, session, "replace must never create a record");
        }
    }

    @Test
    void ofSimultaneousReplacesThatSawTheSameExactlyOneWins() throws Exception {
        SessionStore store = store();
        Session seen = withState(aSession(aUser()), "state-0");
        store.create(seen);

        try (Race race = new Race()) {
            for (int round = 1; round <= ROUNDS; round++) {
                Session current = seen;
                int number = round;
                List<Session> wishes = IntStream.range(0, CALLERS)
                        .mapToObj(i -> withState(current, "state-" + number + "-" + i))
                        .toList();
                List<Race.Entry<Boolean>> answers = wishes.stream()
                        .map(wish -> race.enter(() -> store.replace(current, wish)))
                        .toList();
                race.run();

                List<Session> winners = Race.winners(answers, wishes);
                assertEquals(
                        1, winners.size(), "Of simultaneous replaces that saw the same exactly one must answer true");
                assertStored(store, winners.get(0), "The replace that answered true must be the one that is stored");
                seen = winners.get(0);
            }
        }
    }

    @Test
    void replaceRacingDeleteNeverRevives() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Session seen = withState(aSession(aUser()), "state-1");
                Session next = replaced(seen, "state-2");
                store.create(seen);
                Race.Entry<Boolean> replace = race.enter(() -> store.replace(seen, next));
                Race.Entry<List<Session>> removed = race.enter(() -> store.deleteAll(seen.userId()));
                race.run();

                assertEquals(
                        List.of(replace.answer() ? next : seen),
                        removed.answer(),
                        "A delete must return the record as it last was: replaced if replace answered true, else not");
                assertGone(store, seen, "A replace that meets a delete must never bring the record back");
            }
        }
    }

    @Test
    void ofSimultaneousReplacesToNewIdsExactlyOneWins() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Session seen = aSession(aUser());
                store.create(seen);
                List<Session> wishes = Stream.generate(() -> replaced(random(), seen, null))
                        .limit(CALLERS)
                        .toList();
                List<Race.Entry<Boolean>> answers = wishes.stream()
                        .map(wish -> race.enter(() -> store.replace(seen, wish)))
                        .toList();
                race.run();

                List<Session> winners = Race.winners(answers, wishes);
                assertEquals(1, winners.size(), "Of simultaneous replaces to new ids exactly one must answer true");
                assertSame(winners, store.list(seen.userId()), "One record must not become several");
            }
        }
    }

    @Test
    void replaceToANewIdRacingDeleteDoesNotEscapeIt() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Session seen = aSession(aUser());
                Session next = replaced(random(), seen, null);
                boolean all = round % 2 == 0;
                store.create(seen);
                Race.Entry<Boolean> replace = race.enter(() -> store.replace(seen, next));
                Race.Entry<List<Session>> removed = race.enter(
                        () -> all ? store.deleteAll(seen.userId()) : store.deleteOthers(seen.userId(), random()));
                race.run();

                assertEquals(
                        List.of(replace.answer() ? next : seen),
                        removed.answer(),
                        "A record that was there before the delete began must be removed by it, under whatever id");
                assertSame(List.of(), store.list(seen.userId()), "Nothing must be left under a new id");
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

    static Session replaced(Session session, @Nullable String refreshState) {
        return replaced(session.id(), session, refreshState);
    }

    private static Session replaced(String id, Session session, @Nullable String refreshState) {
        return new Session(
                id,
                session.userId(),
                SAFARI,
                "kitchen tablet",
                session.createdAt(),
                LATER,
                session.expiresAt().minusSeconds(1),
                new Authentication(LATER, List.of("pwd", "otp")),
                SessionTimeouts.NIST_AAL2,
                refreshState);
    }
}
