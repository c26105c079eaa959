package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Stores that confuse two ids. */
final class BrokenIdentity {
    private BrokenIdentity() {}

    /** Behaves like a table whose primary key is the session id alone. */
    static final class SessionIdsAreUniqueOverUsers extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            if (!everybodys(session.id()).isEmpty()) {
                throw new SessionStoreException("A session with this id exists already");
            }
            return super.create(session, admission);
        }
    }

    /** Behaves like a store with one key, the user id followed by the session id. */
    static final class KeysRunTogether extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            find(session.userId(), session.id()).ifPresent(this::remove);
            return super.create(session, admission);
        }

        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return everybodys().stream()
                    .filter(session -> (session.userId() + session.id()).equals(userId + sessionId))
                    .findFirst();
        }
    }

    /** Behaves like a purge that collects session ids and then deletes by session id alone. */
    static final class PurgesBySessionId extends BreakableStore {
        @Override
        public int purge(Instant expiredAtOrBefore) {
            List<SessionRecord> expired = everybodys().stream()
                    .filter(session -> !session.expiresAt().isAfter(expiredAtOrBefore))
                    .toList();
            expired.forEach(session -> everybodys(session.id()).forEach(this::remove));
            return expired.size();
        }
    }

    /** Behaves like a deleteAll that selects session ids and then deletes by session id alone. */
    static final class DeletesAllBySessionId extends BreakableStore {
        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            List<SessionRecord> removed = super.deleteAll(userId, keptSessionId);
            removed.forEach(session -> everybodys(session.id()).forEach(this::remove));
            return removed;
        }
    }

    /** Behaves like a create that removes by session id alone. */
    static final class LeavingBySessionId extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> removed = super.create(session, admission);
            removed.ifPresent(left -> left.forEach(gone -> everybodys(gone.id()).forEach(this::remove)));
            return removed;
        }
    }

    /** Compares user ids with the given function. */
    static final class OfUsers extends BreakableStore {
        private final BiPredicate<String, String> isStoredAsAsked;

        OfUsers(BiPredicate<String, String> isStoredAsAsked) {
            this.isStoredAsAsked = isStoredAsAsked;
        }

        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return list(userId).stream()
                    .filter(session -> session.id().equals(sessionId))
                    .findFirst();
        }

        @Override
        public List<SessionRecord> list(String userId) {
            return everybodys().stream()
                    .filter(session -> isStoredAsAsked.test(session.userId(), userId))
                    .toList();
        }

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return find(userId, sessionId).flatMap(this::remove);
        }

        @Override
        public List<SessionRecord> deleteAll(String userId, @Nullable String keptSessionId) {
            return list(userId).stream()
                    .filter(session -> !session.id().equals(keptSessionId))
                    .flatMap(session -> remove(session).stream())
                    .toList();
        }
    }

    /** Folds session ids with the given function before it compares them. */
    static final class OfSessions extends BreakableStore {
        private final UnaryOperator<String> fold;

        OfSessions(UnaryOperator<String> fold) {
            this.fold = fold;
        }

        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return list(userId).stream()
                    .filter(session -> fold.apply(session.id()).equals(fold.apply(sessionId)))
                    .findFirst();
        }
    }

    /** Treats the requested session id as a pattern, like SQL's LIKE. */
    static final class SessionIdsAsPatterns extends BreakableStore {
        @Override
        public Optional<SessionRecord> find(String userId, String sessionId) {
            return list(userId).stream()
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
