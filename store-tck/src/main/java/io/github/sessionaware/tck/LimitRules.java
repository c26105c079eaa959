package io.github.sessionaware.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** To look at a user's records, to remove some and to add one is one step. */
abstract class LimitRules extends ReplaceRules {
    private static final int LIMIT = 3;

    @Test
    void choiceIsGivenEveryRecordOfTheUserAndNoOther() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = new ArrayList<>(sessions(user, 3));
        sessions.add(aSessionExpiring(user, LOGIN.minusSeconds(1)));
        createAll(store, sessions);
        createAll(store, sessions(aUser(), 2));
        List<Session> given = new ArrayList<>();

        store.createLimited(aSession(user), present -> {
            given.clear();
            given.addAll(present);
            return Optional.of(List.of());
        });

        assertSame(sessions, given, "The choice must be given all of the user's records, expired ones included");
    }

    @Test
    void chosenRecordsGoAndTheNewOneComes() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 4);
        createAll(store, sessions);
        Session login = aSession(user);

        assertEquals(
                Optional.of(List.of()),
                store.createLimited(login, present -> Optional.of(List.of())),
                "Where nothing was chosen nothing must be returned, which is not the same as a refusal");
        assertStored(store, login, "The new record must be stored");

        Session second = replaced(aSession(user), "state-1");
        List<Session> removed = store.createLimited(
                        second,
                        present -> Optional.of(present.stream()
                                .filter(session -> sessions.indexOf(session) % 2 == 0)
                                .toList()))
                .orElseThrow();

        assertSame(List.of(sessions.get(0), sessions.get(2)), removed, "The records that were chosen must be returned");
        assertSame(
                List.of(sessions.get(1), sessions.get(3), login, second),
                store.list(user),
                "The chosen ones must be gone, the others and the new one be there");
        assertStored(store, second, "The new record must be stored whole");
        removed.forEach(session -> assertGone(store, session, "A chosen record must be gone"));
    }

    @Test
    void refusedLoginChangesNothing() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 2);
        createAll(store, sessions);
        Session login = aSession(user);

        assertEquals(
                Optional.empty(),
                store.createLimited(login, present -> Optional.empty()),
                "A choice that refuses must be answered with empty");

        assertGone(store, login, "A refused login must not be stored");
        assertSame(sessions, store.list(user), "A refused login must change nothing");
    }

    @Test
    void limitedLoginWithAnIdThatExistsRemovesNothing() {
        SessionStore store = store();
        String user = aUser();
        List<Session> sessions = sessions(user, 2);
        Session other = aSession(aUser());
        createAll(store, sessions);
        store.create(other);

        assertThrows(
                SessionStoreException.class,
                () -> store.createLimited(aSession(other.id(), user), Optional::of),
                "createLimited must refuse an id that exists with SessionStoreException");

        assertSame(sessions, store.list(user), "What was chosen must stay when the new record cannot be stored");
        assertStored(store, other, "The record that has the id must stay as it is");
    }

    @Test
    void simultaneousLimitedLoginsNeverLeaveMoreThanTheLimit() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                String user = aUser();
                List<Session> logins = sessions(user, CALLERS);
                List<Race.Entry<Optional<List<Session>>>> answers = logins.stream()
                        .map(login -> race.enter(() -> store.createLimited(login, LimitRules::makeRoom)))
                        .toList();
                race.run();

                List<Session> left = store.list(user);
                assertEquals(LIMIT, left.size(), "Simultaneous logins must leave as many as the limit");
                assertSame(
                        logins,
                        Stream.concat(
                                        left.stream(),
                                        answers.stream().flatMap(answer -> answer.answer().orElseThrow().stream()))
                                .toList(),
                        "Every login must be either listed or returned as removed, and by one call only");
            }
        }
    }

    @Test
    void ofSimultaneousLoginsAsManyAsTheLimitAreAccepted() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                String user = aUser();
                List<Session> logins = sessions(user, CALLERS);
                List<Race.Entry<Boolean>> answers = logins.stream()
                        .map(login -> race.enter(() -> store.createLimited(
                                        login,
                                        present -> present.size() < LIMIT ? Optional.of(List.of()) : Optional.empty())
                                .isPresent()))
                        .toList();
                race.run();

                assertEquals(
                        LIMIT,
                        answers.stream().filter(Race.Entry::answer).count(),
                        "As many simultaneous logins must be accepted as the limit says");
                assertEquals(LIMIT, store.list(user).size(), "An accepted login must be listed, a refused one not");
            }
        }
    }

    @Test
    void chosenRecordThatIsTouchedMeanwhileDoesNotStay() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                String user = aUser();
                Session old = aSession(user);
                Session login = aSession(user);
                store.create(old);
                Race.Entry<Boolean> touch = race.enter(() -> store.touch(old, LATER, DEADLINE));
                Race.Entry<Optional<List<Session>>> removed =
                        race.enter(() -> store.createLimited(login, Optional::of));
                race.run();

                assertEquals(
                        Optional.of(List.of(touch.answer() ? old.touched(LATER, DEADLINE) : old)),
                        removed.answer(),
                        "A chosen record must be returned as it last was");
                assertSame(List.of(login), store.list(user), "A touch must not keep a chosen record");
            }
        }
    }

    private static Optional<List<Session>> makeRoom(List<Session> present) {
        return Optional.of(present.stream()
                .sorted(Comparator.comparing(Session::id))
                .limit(Math.max(0, present.size() + 1 - LIMIT))
                .toList());
    }
}
