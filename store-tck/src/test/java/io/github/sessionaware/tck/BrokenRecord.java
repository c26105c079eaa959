package io.github.sessionaware.tck;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Stores that return other records than the caller created. */
final class BrokenRecord {
    private BrokenRecord() {}

    static final class CreateOverwrites extends ReferenceStore {
        @Override
        public synchronized void create(Session session) {
            sessions.put(session.id(), session);
        }
    }

    static final class CreateIgnoresDuplicates extends ReferenceStore {
        @Override
        public synchronized void create(Session session) {
            sessions.putIfAbsent(session.id(), session);
        }
    }

    static final class CreateReplacesOnlyTheOwners extends ReferenceStore {
        @Override
        public synchronized void create(Session session) {
            Session existing = sessions.get(session.id());
            if (existing != null && existing.userId().equals(session.userId())) {
                sessions.remove(session.id());
            }
            super.create(session);
        }
    }

    static final class FailsOnUnknown extends ReferenceStore {
        @Override
        public synchronized Optional<Session> find(String sessionId) {
            return Optional.of(sessions.get(sessionId));
        }

        @Override
        public synchronized List<Session> list(String userId) {
            List<Session> found = super.list(userId);
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no such user");
            }
            return found;
        }
    }

    /** Behaves like a cache that only create updates. */
    static final class ListsFromAStaleIndex extends ReferenceStore {
        private final Map<String, List<Session>> index = new HashMap<>();

        @Override
        public synchronized void create(Session session) {
            super.create(session);
            index.computeIfAbsent(session.userId(), user -> new ArrayList<>()).add(session);
        }

        @Override
        public synchronized List<Session> list(String userId) {
            return List.copyOf(index.getOrDefault(userId, List.of()));
        }
    }

    static final class ListsOnlyTheNewest extends ReferenceStore {
        @Override
        public synchronized List<Session> list(String userId) {
            List<Session> all = super.list(userId);
            return all.subList(Math.max(0, all.size() - 4), all.size());
        }
    }

    static final class ListsALiveView extends ReferenceStore {
        @Override
        public synchronized List<Session> list(String userId) {
            return new AbstractList<>() {
                @Override
                public Session get(int position) {
                    return ListsALiveView.super.list(userId).get(position);
                }

                @Override
                public int size() {
                    return ListsALiveView.super.list(userId).size();
                }
            };
        }
    }

    static final class SharesItsListByReference extends ReferenceStore {
        private final Map<String, List<Session>> shared = new HashMap<>();

        @Override
        public synchronized void create(Session session) {
            super.create(session);
            shared.computeIfAbsent(session.userId(), user -> new ArrayList<>()).add(session);
        }

        @Override
        public synchronized List<Session> list(String userId) {
            List<Session> own = shared.computeIfAbsent(userId, user -> new ArrayList<>());
            own.removeIf(session -> !sessions.containsKey(session.id()));
            own.replaceAll(session -> sessions.get(session.id()));
            return own;
        }
    }

    static final class HidesExpiredRecords extends ReferenceStore {
        @Override
        public synchronized Optional<Session> find(String sessionId) {
            return super.find(sessionId).filter(session -> session.expiresAt().isAfter(Instant.now()));
        }
    }

    static final class ListsLiveRecordsOnly extends ReferenceStore {
        @Override
        public synchronized List<Session> list(String userId) {
            return super.list(userId).stream()
                    .filter(session -> session.expiresAt().isAfter(Instant.now()))
                    .toList();
        }
    }

    /** Changes a record before it stores it. */
    static final class Rewrites extends ReferenceStore {
        private final UnaryOperator<Session> rewriting;

        Rewrites(UnaryOperator<Session> rewriting) {
            this.rewriting = rewriting;
        }

        @Override
        public synchronized void create(Session session) {
            super.create(rewriting.apply(session));
        }
    }

    static Session inWholeSeconds(Session session) {
        return new Session(
                session.id(),
                session.userId(),
                session.client(),
                session.createdAt().truncatedTo(ChronoUnit.SECONDS),
                session.lastActiveAt().truncatedTo(ChronoUnit.SECONDS),
                session.expiresAt().truncatedTo(ChronoUnit.SECONDS));
    }

    static Session in32BitSeconds(Session session) {
        Instant end = Instant.ofEpochSecond(Integer.MAX_VALUE);
        return session.createdAt().isAfter(end) ? session.touched(end, end) : session;
    }

    static Session withoutDashes(Session session) {
        return new Session(
                session.id().replace('-', '_'),
                session.userId(),
                session.client(),
                session.createdAt(),
                session.lastActiveAt(),
                session.expiresAt());
    }

    static Session withTextCutByUtf16Units(Session session) {
        return withClientText(session, text -> text.substring(0, Math.min(128, text.length())));
    }

    static Session withTextEscaped(Session session) {
        return withClientText(session, text -> text.replace("<", "&lt;"));
    }

    static Session withNullAsText(Session session) {
        ClientInfo client = session.client();
        return client.device() != null ? session : withClient(session, new ClientInfo("unknown", null, null, null));
    }

    private static Session withClientText(Session session, UnaryOperator<String> change) {
        ClientInfo client = session.client();
        return withClient(
                session,
                new ClientInfo(
                        changed(client.device(), change),
                        changed(client.userAgent(), change),
                        changed(client.ipAddress(), change),
                        changed(client.location(), change)));
    }

    private static String changed(String text, UnaryOperator<String> change) {
        return text == null ? null : change.apply(text);
    }

    private static Session withClient(Session session, ClientInfo client) {
        return new Session(
                session.id(),
                session.userId(),
                client,
                session.createdAt(),
                session.lastActiveAt(),
                session.expiresAt());
    }
}
