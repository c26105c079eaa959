package io.github.sessionaware.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what Redis returns. A value that is not a record counts as missing. A record of an unknown format is another
 * matter: a later release has written it, and its session is alive. So a search for it fails, which is neither a yes
 * nor a no. A list leaves it out, because otherwise the user's other sessions could not be listed and revoked.
 */
final class StoredRecords {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSessionStore.class);

    private final AtomicBoolean reportedUnreadable = new AtomicBoolean();
    private final AtomicBoolean reportedUnknown = new AtomicBoolean();

    /** Returns nothing if the value is not a record. */
    Optional<SessionRecord> found(String userId, String sessionId, byte[] value) {
        int format = RecordFormat.of(value);
        if (format > RecordFormat.CURRENT) {
            throw new SessionStoreException("A session has record format " + format + ", and this release knows "
                    + RecordFormat.CURRENT + " only: a later release has written it. Update this node");
        }
        return read(userId, sessionId, value);
    }

    /** Reads names and values in turn, from this position on, and leaves out what it cannot read. */
    List<SessionRecord> all(String userId, List<byte[]> fields, int from) {
        List<SessionRecord> sessions = new ArrayList<>((fields.size() - from) / 2);
        for (int i = from; i + 1 < fields.size(); i += 2) {
            byte[] value = fields.get(i + 1);
            int format = RecordFormat.of(value);
            if (format > RecordFormat.CURRENT) {
                reportUnknown(format);
            } else {
                read(userId, new String(fields.get(i), UTF_8), value).ifPresent(sessions::add);
            }
        }
        return sessions;
    }

    private Optional<SessionRecord> read(String userId, String sessionId, byte[] value) {
        try {
            return Optional.of(RecordFormat.read(userId, sessionId, value));
        } catch (IllegalArgumentException | NullPointerException e) {
            // The ids stay out of the log, because another program wrote them.
            if (reportedUnreadable.compareAndSet(false, true)) {
                LOG.warn(
                        "Redis has a field that is not a valid session: {}. The store treats such fields as ended"
                                + " sessions. It deletes them when the user's sessions are revoked. Only this library"
                                + " may write to its keys. The store reports the first such field only.",
                        e.getMessage());
            }
            return Optional.empty();
        }
    }

    private void reportUnknown(int format) {
        if (reportedUnknown.compareAndSet(false, true)) {
            LOG.warn(
                    "Redis has sessions of record format {}, and this release knows {} only. Lists leave them out, and"
                            + " requests with their tokens fail with SessionStoreException. Update this node. The store"
                            + " reports this once.",
                    format,
                    RecordFormat.CURRENT);
        }
    }

    static byte[] bytes(String ascii) {
        return ascii.getBytes(US_ASCII);
    }

    static String text(byte[] ascii) {
        return new String(ascii, US_ASCII);
    }
}
