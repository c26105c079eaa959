package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LATER_DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.aCutoff;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aSessionExpiring;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertGone;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.find;
import static io.github.sessionaware.tck.ContractFixture.insert;
import static io.github.sessionaware.tck.ContractFixture.next;
import static io.github.sessionaware.tck.ContractFixture.replaced;
import static io.github.sessionaware.tck.ContractFixture.sessions;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * A call on one node sees the effect of every earlier call on another. The node that looks has written and read the
 * record before, so a cache of that node would have it.
 */
interface NodeRules extends Rules {

    /** @hidden */
    @Test
    default void recordCreatedOnOneNodeIsReadOnTheOther() {
        fromEachNodeToTheOther((node, other) -> {
            SessionRecord session = aSession(aUser());
            read(other, session);

            insert(node, session);

            assertStored(other, session, "A record must be readable on every node when its create returns");
        });
    }

    /** @hidden */
    @Test
    default void recordTouchedOnOneNodeIsReadOnTheOther() {
        fromEachNodeToTheOther((node, other) -> {
            SessionRecord session = aSession(aUser());
            insert(other, session);
            read(other, session);

            node.touch(session, LATER, LATER_DEADLINE);

            assertChangedOn(other, session, session.touched(LATER, LATER_DEADLINE));
        });
    }

    /** @hidden */
    @Test
    default void recordReplacedOnOneNodeIsReadOnTheOther() {
        fromEachNodeToTheOther((node, other) -> {
            SessionRecord session = aSession(aUser());
            SessionRecord next = replaced(session, "state-1");
            insert(other, session);
            read(other, session);

            node.replace(session, next);

            assertChangedOn(other, session, next);
        });
    }

    /** @hidden */
    @Test
    default void recordDeletedOnOneNodeIsGoneOnTheOther() {
        fromEachNodeToTheOther((node, other) -> {
            SessionRecord session = aSession(aUser());
            insert(other, session);
            read(other, session);

            delete(node, session);

            assertGoneOn(other, session);
        });
    }

    /** @hidden */
    @Test
    default void recordsThatDeleteAllRemovesOnOneNodeAreGoneOnTheOther() {
        fromEachNodeToTheOther((node, other) -> {
            List<SessionRecord> sessions = sessions(aUser(), 2);
            SessionRecord kept = sessions.get(1);
            createAll(other, sessions);
            sessions.forEach(session -> read(other, session));

            node.deleteAll(kept.userId(), kept.id());

            assertGoneOn(other, sessions.get(0));

            read(other, kept);
            node.deleteAll(kept.userId(), null);

            assertGoneOn(other, kept);
        });
    }

    /** @hidden */
    @Test
    default void recordThatLeavesForALoginOnOneNodeIsGoneOnTheOther() {
        fromEachNodeToTheOther((node, other) -> {
            SessionRecord session = aSession(aUser());
            insert(other, session);
            read(other, session);

            node.create(aSession(session.userId()), Admission.decidedBy(Optional::of));

            assertGoneOn(other, session);
        });
    }

    /** @hidden */
    @Test
    default void recordPurgedOnOneNodeIsGoneOnTheOther() {
        fromEachNodeToTheOther((node, other) -> {
            Instant cutoff = aCutoff(node);
            SessionRecord session = aSessionExpiring(aUser(), cutoff);
            insert(other, session);
            read(other, session);

            node.purge(cutoff);

            assertGoneOn(other, session);
        });
    }

    /** @hidden */
    @Test
    default void admissionOnOneNodeReceivesTheRecordsOfTheOther() {
        fromEachNodeToTheOther((node, other) -> {
            List<SessionRecord> sessions = sessions(aUser(), 3);
            List<SessionRecord> given = new ArrayList<>();
            Admission admission = Admission.decidedBy(present -> {
                given.clear();
                given.addAll(present);
                return Optional.of(List.of());
            });
            other.create(sessions.get(0), admission);
            node.create(sessions.get(1), admission);

            other.create(sessions.get(2), admission);

            assertSame(
                    sessions.subList(0, 2), given, "The admission must receive the records that other nodes created");
        });
    }

    private void fromEachNodeToTheOther(BiConsumer<SessionStore, SessionStore> rule) {
        SessionStore store = store();
        SessionStore other = otherNode(store);
        rule.accept(store, other);
        rule.accept(other, store);
    }

    private static void read(SessionStore store, SessionRecord session) {
        find(store, session);
        store.list(session.userId());
    }

    private static void assertChangedOn(SessionStore other, SessionRecord seen, SessionRecord changed) {
        assertStored(other, changed, "A change must be readable on every node when the call returns");
        assertFalse(
                other.touch(seen, LATER, LATER_DEADLINE),
                "touch must return false if another node has changed the record");
        assertFalse(
                other.replace(seen, replaced(seen, "state-2")),
                "replace must return false if another node has changed the record");
        assertStored(other, changed, "The change of the other node must stay in effect");
    }

    private static void assertGoneOn(SessionStore other, SessionRecord session) {
        assertGone(other, session, "A removed record must be gone on every node when the call returns");
        assertFalse(other.touch(session, LATER, LATER_DEADLINE), "touch must not revive what another node has removed");
        assertFalse(
                other.replace(session, next(session).build()), "replace must not revive what another node has removed");
        assertGone(other, session, "No write may revive what another node has removed");
    }
}
