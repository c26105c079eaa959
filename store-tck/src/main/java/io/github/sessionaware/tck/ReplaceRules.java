package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LATER_DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.aCutoff;
import static io.github.sessionaware.tck.ContractFixture.aFullSession;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.inTurn;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.next;
import static io.github.sessionaware.tck.ContractFixture.random;
import static io.github.sessionaware.tck.ContractFixture.replaced;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A replace needs the version that the caller has seen, and never creates a record. Of concurrent ones, one wins. */
interface ReplaceRules extends Rules {

    /** @hidden */
    @Test
    default void replaceSetsEveryPartThatMayChange() {
        SessionStore store = store();
        SessionRecord seen = aFullSession(aUser());
        SessionRecord next = replaced(seen, "state-2");
        SessionRecord emptied = SessionRecord.builder(seen.userId(), seen.id())
                .version(next.version() + 1)
                .createdAt(seen.createdAt())
                .lastActiveAt(seen.lastActiveAt())
                .expiresAt(seen.expiresAt())
                .build();
        SessionRecord filled = replaced(emptied, "state-3");
        insert(store, seen);

        assertTrue(store.replace(seen, next), "replace of an unchanged record must return true");
        assertStored(store, next, "replace must set everything except the identity and the creation time");

        assertTrue(store.replace(next, emptied), "replace of an unchanged record must return true");
        assertStored(store, emptied, "replace must also empty parts and set times to earlier ones");

        assertTrue(store.replace(emptied, filled), "replace must also work for a record with empty parts");
        assertStored(store, filled, "replace must also set parts that were empty");
    }

    /** @hidden */
    @Test
    default void largeVersionsAreKeptAndComparedWhole() {
        SessionStore store = store();
        SessionRecord session =
                aSession(aUser()).toBuilder().version((1L << 53) - 1).build();
        SessionRecord sameLowBits = session.toBuilder().version((1L << 32) - 1).build();
        insert(store, session);
        assertStored(store, session, "A store must keep a version up to 2^53");

        assertFalse(
                store.replace(sameLowBits, next(sameLowBits).build()), "replace must compare all bits of the version");
        assertFalse(store.touch(sameLowBits, LATER, LATER_DEADLINE), "touch must compare all bits of the version");
        assertTrue(store.replace(session, next(session).build()), "replace of an unchanged record must return true");
        assertStored(store, next(session).build(), "A store must keep a version up to 2^53");
    }

    /** @hidden */
    @Test
    default void replaceByAnEqualRecordRaisesTheVersion() {
        SessionStore store = store();
        SessionRecord seen = aFullSession(aUser());
        SessionRecord next = next(seen).build();
        insert(store, seen);

        assertTrue(store.replace(seen, next), "replace must return true even if only the version changes");

        assertStored(store, next, "replace must store the next version even if all else is equal");
    }

    /** @hidden */
    @Test
    default void replaceComparesNothingExceptTheIdentityAndTheVersion() {
        SessionStore store = store();
        SessionRecord stored = aFullSession(aUser());
        SessionRecord seen = SessionRecord.builder(stored.userId(), stored.id()).build();
        SessionRecord next = replaced(stored, "state-2");
        insert(store, stored);

        assertTrue(
                store.replace(seen, next),
                "replace must return true if the version is the stored one, whatever the other parts of seen are");

        assertStored(store, next, "replace must store the new record");
    }

    /** @hidden */
    @Test
    default void replaceOfAnEarlierVersionChangesNothing() {
        SessionStore store = store();
        SessionRecord seen = aFullSession(aUser());
        SessionRecord second = seen.touched(seen.lastActiveAt(), seen.expiresAt());
        SessionRecord third = next(second).build();
        insert(store, seen);

        store.touch(seen, second.lastActiveAt(), second.expiresAt());
        assertFalse(
                store.replace(seen, replaced(seen, "state-2")),
                "A touch since the caller read the record must make replace return false, even if all else is equal");
        assertStored(store, second, "The touch must stay in effect");

        store.replace(second, third);
        for (SessionRecord old : List.of(seen, second)) {
            assertFalse(
                    store.replace(old, replaced(old, "state-2")),
                    "A replace since the caller read the record must make replace return false,"
                            + " even if all else is equal");
            assertStored(store, third, "The first replace must stay in effect");
        }
    }

    /** @hidden */
    @Test
    default void replaceOfALaterVersionChangesNothing() {
        SessionStore store = store();
        SessionRecord stored = aFullSession(aUser());
        SessionRecord later = next(stored).build();
        insert(store, stored);

        assertFalse(
                store.replace(later, replaced(later, "state-2")),
                "replace must return false unless the stored version equals the seen one");

        assertStored(store, stored, "replace of another version must change nothing");
    }

    /** @hidden */
    @Test
    default void replaceChangesNoOtherRecord() {
        SessionStore store = store();
        String user = aUser();
        List<SessionRecord> sessions = sessions(user, 3);
        SessionRecord strangers = aSession(aUser());
        createAll(store, sessions);
        insert(store, strangers);
        SessionRecord next = replaced(sessions.get(1), "state-2");

        store.replace(sessions.get(1), next);

        assertSame(
                List.of(sessions.get(0), next, sessions.get(2)),
                store.list(user),
                "replace must change only one record of the user");
        assertStored(store, strangers, "replace must not change another user's record");
    }

    /** @hidden */
    @Test
    default void replaceOfAMissingRecordCreatesNothing() {
        SessionStore store = store();
        Instant cutoff = aCutoff(store);
        SessionRecord unknown = aSession(aUser());
        SessionRecord deleted = aSession(aUser());
        SessionRecord deletedExceptOne = aSession(aUser());
        SessionRecord deletedWithAll = aSession(aUser());
        SessionRecord purged = aSessionExpiring(aUser(), cutoff);
        createAll(store, List.of(deleted, deletedExceptOne, deletedWithAll, purged));
        delete(store, deleted);
        store.deleteAll(deletedExceptOne.userId(), random());
        store.deleteAll(deletedWithAll.userId(), null);
        store.purge(cutoff);

        for (SessionRecord session : List.of(unknown, deleted, deletedExceptOne, deletedWithAll, purged)) {
            SessionRecord next = next(session).expiresAt(LATER_DEADLINE).build();
            assertFalse(store.replace(session, next), "replace of a missing record must return false");
            assertGone(store, session, "replace must never create a record");
        }
    }

    /** @hidden */
    @Test
    default void exactlyOneOfSimultaneousReplacesWins() throws Exception {
        SessionStore store = store();
        Supplier<SessionStore> nodes = inTurn(store, otherNode(store));
        SessionRecord seen = aSession(aUser());
        insert(store, seen);

        try (Race race = new Race()) {
            for (int round = 1; round <= Race.ROUNDS; round++) {
                SessionRecord current = seen;
                int number = round;
                List<SessionRecord> attempts = IntStream.range(0, Race.CALLERS)
                        .mapToObj(i -> replaced(current, "state-" + number + "-" + i))
                        .toList();
                List<Race.Call<Boolean>> calls = attempts.stream()
                        .map(attempt -> race.add(nodes.get(), node -> node.replace(current, attempt)))
                        .toList();
                race.run();

                List<SessionRecord> winners = Race.winners(calls, attempts);
                assertEquals(
                        1, winners.size(), "Exactly one of the simultaneous replaces of one record must return true");
                assertStored(store, winners.get(0), "The store must contain the replace that returned true");
                seen = winners.get(0);
            }
        }
    }

    /** @hidden */
    @Test
    default void eitherTouchOrReplaceWins() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord seen = aFullSession(aUser());
                List<SessionRecord> attempts = List.of(seen.touched(LATER, LATER_DEADLINE), replaced(seen, "state-2"));
                insert(store, seen);
                List<Race.Call<Boolean>> calls = List.of(
                        race.add(() -> store.touch(seen, LATER, LATER_DEADLINE)),
                        race.add(() -> store.replace(seen, attempts.get(1))));
                race.run();

                List<SessionRecord> winners = Race.winners(calls, attempts);
                assertEquals(1, winners.size(), "Exactly one of a simultaneous touch and replace must return true");
                assertStored(store, winners.get(0), "The store must contain what the winning call wrote, and no mix");
            }
        }
    }

    /** @hidden */
    @Test
    default void replaceRacingDeleteDoesNotReviveTheRecord() throws Exception {
        SessionStore store = store();

        try (Race race = new Race()) {
            for (int round = 0; round < Race.ROUNDS; round++) {
                SessionRecord seen = aSession(aUser());
                SessionRecord next = replaced(seen, "state-2");
                int kind = round % 3;
                insert(store, seen);
                Race.Call<Boolean> replace = race.add(() -> store.replace(seen, next));
                Race.Call<List<SessionRecord>> removed = race.add(() -> switch (kind) {
                    case 0 -> delete(store, seen).stream().toList();
                    case 1 -> store.deleteAll(seen.userId(), random());
                    default -> store.deleteAll(seen.userId(), null);
                });
                race.run();

                assertEquals(
                        List.of(replace.result() ? next : seen),
                        removed.result(),
                        "A delete must return the last state of the record: replaced only if replace returned true");
                assertGone(store, seen, "A replace must not revive a record that a concurrent delete removes");
            }
        }
    }
}
