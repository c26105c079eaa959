package io.github.sessionaware.tck;

import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.testing.ReferenceStore;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Stores that confuse two ids. */
final class BrokenIdentity {
    private BrokenIdentity() {}

    /** Compares user ids with the given function. */
    static final class OfUsers extends ReferenceStore {
        private final BiPredicate<String, String> isStoredAsAsked;

        OfUsers(BiPredicate<String, String> isStoredAsAsked) {
            this.isStoredAsAsked = isStoredAsAsked;
        }

        @Override
        public synchronized List<Session> list(String userId) {
            return sessions.values().stream().filter(of(userId)).toList();
        }

        @Override
        public synchronized Optional<Session> delete(String userId, String sessionId) {
            return find(sessionId).filter(of(userId)).map(session -> sessions.remove(session.id()));
        }

        @Override
        public synchronized List<Session> deleteOthers(String userId, String keptSessionId) {
            return list(userId).stream()
                    .filter(session -> !session.id().equals(keptSessionId))
                    .map(session -> sessions.remove(session.id()))
                    .toList();
        }

        @Override
        public synchronized List<Session> deleteAll(String userId) {
            return list(userId).stream()
                    .map(session -> sessions.remove(session.id()))
                    .toList();
        }

        private Predicate<Session> of(String userId) {
            return session -> isStoredAsAsked.test(session.userId(), userId);
        }
    }

    /** Folds session ids with the given function before it compares them. */
    static final class OfSessions extends ReferenceStore {
        private final UnaryOperator<String> fold;

        OfSessions(UnaryOperator<String> fold) {
            this.fold = fold;
        }

        @Override
        public synchronized void create(Session session) {
            if (find(session.id()).isPresent()) {
                throw new SessionStoreException("A session with this id exists");
            }
            super.create(session);
        }

        @Override
        public synchronized Optional<Session> find(String sessionId) {
            return sessions.values().stream()
                    .filter(session -> fold.apply(session.id()).equals(fold.apply(sessionId)))
                    .findFirst();
        }
    }

    /** Treats the requested session id as a pattern, like SQL's LIKE. */
    static final class SessionIdsAsPatterns extends ReferenceStore {
        @Override
        public synchronized Optional<Session> find(String sessionId) {
            return sessions.values().stream()
                    .filter(session -> isLike(session.id(), sessionId))
                    .findFirst();
        }
    }

    static boolean sameIgnoringCase(String stored, String asked) {
        return stored.toLowerCase(Locale.ROOT).equals(asked.toLowerCase(Locale.ROOT));
    }

    static boolean sameIgnoringTrailingSpaces(String stored, String asked) {
        return stored.stripTrailing().equals(asked.stripTrailing());
    }

    static boolean sameNormalized(String stored, String asked) {
        return Normalizer.normalize(stored, Normalizer.Form.NFC)
                .equals(Normalizer.normalize(asked, Normalizer.Form.NFC));
    }

    static boolean sameIn191Units(String stored, String asked) {
        return stored.substring(0, Math.min(191, stored.length()))
                .equals(asked.substring(0, Math.min(191, asked.length())));
    }

    static boolean beginsWith(String stored, String asked) {
        return stored.startsWith(asked);
    }

    static boolean isLike(String stored, String asked) {
        String pattern = Pattern.quote(asked).replace("%", "\\E.*\\Q").replace("_", "\\E.\\Q");
        return Pattern.matches(pattern, stored);
    }
}
