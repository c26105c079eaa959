package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.elsewhere.MapSessionStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

/** A correct store, with what subclasses need to break a promise: a write without a condition, and a view of all. */
class BreakableStore extends MapSessionStore {
    final ConcurrentMap<String, Map<String, SessionRecord>> users;

    BreakableStore() {
        this(new ConcurrentHashMap<>());
    }

    /** Creates another node on the same records. */
    BreakableStore(ConcurrentMap<String, Map<String, SessionRecord>> users) {
        super(users);
        this.users = users;
    }

    /** Stores a record, whether or not the user has one with this id. */
    final void put(SessionRecord session) {
        boolean done = false;
        while (!done) {
            Optional<SessionRecord> stored = super.find(session.userId(), session.id());
            if (stored.isPresent()) {
                done = super.replace(stored.get(), session);
            } else {
                super.create(session, Admission.unconditional());
                done = true;
            }
        }
    }

    /** Changes what is stored under the identity of this record, if anything is. */
    final void change(SessionRecord identity, UnaryOperator<SessionRecord> change) {
        super.find(identity.userId(), identity.id()).ifPresent(stored -> put(change.apply(stored)));
    }

    @Override
    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
        return sessionIds.stream().flatMap(id -> delete(userId, id).stream()).toList();
    }

    /** Deletes one of the records; most subclasses break this step. */
    Optional<SessionRecord> delete(String userId, String sessionId) {
        return super.delete(userId, Set.of(sessionId)).stream().findFirst();
    }

    /** Removes a record, even in a subclass whose delete is broken. */
    final Optional<SessionRecord> remove(SessionRecord session) {
        return super.delete(session.userId(), Set.of(session.id())).stream().findFirst();
    }

    /** Returns the records of all users. */
    final List<SessionRecord> everybodys() {
        return users.values().stream().flatMap(own -> own.values().stream()).toList();
    }

    final List<SessionRecord> everybodys(String sessionId) {
        return everybodys().stream()
                .filter(session -> session.id().equals(sessionId))
                .toList();
    }

    static boolean contains(SessionStore store, SessionRecord session) {
        return store.find(session.userId(), session.id()).isPresent();
    }
}
