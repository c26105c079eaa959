package io.github.sessionaware;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the records that this node has read, until it changes them itself. {@link RecentReads} decides how long a
 * record counts.
 *
 * <p><b>The race.</b> A read begins, this node revokes the session, and then the read ends and puts the record of
 * before. So each user has a stamp. Every eviction raises it, under the lock under which it removes the records. A
 * reader takes the stamp before its read begins. A put compares the stamp under the same lock, and does nothing if it
 * has changed. Users whose hashes collide share a stamp, which costs a put now and then.
 *
 * <p><b>Size.</b> Two generations bound the memory, as in {@link VerifiedTokens}. A record that is put or used goes
 * into the recent generation. When that is full, it becomes the older one, and the records of the former older one are
 * dropped. So a flood of sessions displaces those that are not in use. A displaced record costs one read of the store.
 * The generations also change when the recent one began longer ago than the bound, because older records do not count.
 *
 * <p>A find takes no lock, unless it moves a record from the older generation to the recent one. All changes happen
 * under the lock of this object, and nothing waits while it holds it.
 *
 * <p>Not final, because tests leave out one step each to show that they notice.
 */
class ReadMemory {
    private static final int STAMPS = 1 << 10;

    /** Objects, references and times of a record, without its texts. */
    private static final int BYTES_WITHOUT_TEXTS = 1_024;

    private final Duration bound;
    private final int entriesPerGeneration;
    private final long bytesPerGeneration;
    private final long[] stamps = new long[STAMPS];
    private volatile Generation recent = new Generation();
    private volatile Generation older = new Generation();

    /** Creates a memory of at most about so many records and bytes, in both generations together. */
    ReadMemory(Duration bound, int entries, long bytes) {
        this.bound = bound;
        this.entriesPerGeneration = Math.max(1, entries / 2);
        this.bytesPerGeneration = bytes / 2;
    }

    /** Returns the last read of this session that was put and not evicted since; null if there is none. */
    @Nullable
    Read find(String userId, String sessionId) {
        Read found = recent.find(userId, sessionId);
        if (found == null) {
            found = older.find(userId, sessionId);
            if (found != null) {
                keep(found);
            }
        }
        return found;
    }

    /** Returns what a put of a read that begins later must pass. */
    synchronized long stamp(String userId) {
        return stamps[stampOf(userId)];
    }

    /** Remembers a read unless this node has changed the user's sessions since the stamp was taken. */
    synchronized void put(Read read, long stamp) {
        if (stamps[stampOf(read.session().userId())] != stamp || isLaterPresent(read)) {
            return;
        }
        if (recent.began != null && recent.began.ageAt(read.began()).compareTo(bound) > 0) {
            beginGeneration();
        }
        putRecent(read);
        if (recent.began == null) {
            recent.began = read.began();
        }
    }

    /** When two reads overlap, the one that began first may end last. It must not hide what the other one saw. */
    boolean isLaterPresent(Read read) {
        return Stream.of(recent, older)
                .map(generation ->
                        generation.find(read.session().userId(), read.session().id()))
                .anyMatch(present ->
                        present != null && read.began().ageAt(present.began()).toNanos() > 0);
    }

    /** Forgets one session, and every read of it that is under way. */
    synchronized void evict(String userId, String sessionId) {
        stamps[stampOf(userId)]++;
        recent.remove(userId, sessionId);
        older.remove(userId, sessionId);
    }

    /** Forgets all sessions of a user, and every read of them that is under way. */
    synchronized void evictAll(String userId) {
        stamps[stampOf(userId)]++;
        recent.removeAll(userId);
        older.removeAll(userId);
    }

    /** Looks again under the lock. Otherwise this would bring back a record that was evicted in between. */
    private synchronized void keep(Read found) {
        if (isStillThere(found)) {
            putRecent(found);
        }
    }

    boolean isStillThere(Read found) {
        return older.find(found.session().userId(), found.session().id()) == found;
    }

    private void putRecent(Read read) {
        if (recent.entries >= entriesPerGeneration || recent.bytes >= bytesPerGeneration) {
            beginGeneration();
        }
        recent.put(read);
    }

    private void beginGeneration() {
        older = recent;
        recent = new Generation();
    }

    private static int stampOf(String userId) {
        int hash = userId.hashCode();
        return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (STAMPS - 1);
    }

    /** Estimates the heap that a record takes, from above: a character takes one or two bytes. */
    static int bytesOf(SessionRecord session) {
        ClientInfo client = session.client();
        Stream<@Nullable String> texts = Stream.of(
                session.userId(),
                session.id(),
                session.category(),
                client.device(),
                client.userAgent(),
                client.ipAddress(),
                client.location(),
                session.label(),
                session.refreshState(),
                session.deviceKey(),
                session.loginDevice(),
                session.loginNetwork());
        Map<String, String> attributes = session.attributes();
        List<String> methods = session.authentication().methods();
        return BYTES_WITHOUT_TEXTS
                + 2 * texts.mapToInt(text -> text == null ? 0 : text.length()).sum()
                + attributes.entrySet().stream()
                        .mapToInt(entry -> 128
                                + 2
                                        * (entry.getKey().length()
                                                + entry.getValue().length()))
                        .sum()
                + methods.stream().mapToInt(method -> 64 + 2 * method.length()).sum();
    }

    /** A record that was read. */
    static final class Read {
        private final SessionRecord session;
        private final ReadTime began;
        private final int bytes;

        /** Whether the store failed to record activity of this record. Then no other request tries. */
        private volatile boolean touchFailed;

        Read(SessionRecord session, ReadTime began) {
            this.session = session;
            this.began = began;
            this.bytes = bytesOf(session);
        }

        SessionRecord session() {
            return session;
        }

        ReadTime began() {
            return began;
        }

        boolean touchFailed() {
            return touchFailed;
        }

        void setTouchFailed() {
            touchFailed = true;
        }
    }

    /** The lock of the memory guards every change. */
    private static final class Generation {
        private final ConcurrentHashMap<String, ConcurrentHashMap<String, Read>> users = new ConcurrentHashMap<>();
        private int entries;
        private long bytes;

        /** When the first read began that was put here; null if none was. */
        private @Nullable ReadTime began;

        @Nullable
        Read find(String userId, String sessionId) {
            ConcurrentHashMap<String, Read> own = users.get(userId);
            return own == null ? null : own.get(sessionId);
        }

        void put(Read read) {
            SessionRecord session = read.session();
            // Most users have one or two sessions on a node, so a map of the usual size would be mostly empty.
            Read before = users.computeIfAbsent(session.userId(), userId -> new ConcurrentHashMap<>(1))
                    .put(session.id(), read);
            if (before != null) {
                subtract(before);
            }
            entries++;
            bytes += read.bytes;
        }

        void remove(String userId, String sessionId) {
            ConcurrentHashMap<String, Read> own = users.get(userId);
            Read removed = own == null ? null : own.remove(sessionId);
            if (removed != null) {
                subtract(removed);
                users.computeIfPresent(userId, (id, left) -> left.isEmpty() ? null : left);
            }
        }

        void removeAll(String userId) {
            ConcurrentHashMap<String, Read> own = users.remove(userId);
            if (own != null) {
                own.values().forEach(this::subtract);
            }
        }

        private void subtract(Read removed) {
            entries--;
            bytes -= removed.bytes;
        }
    }
}
