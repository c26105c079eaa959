package io.github.sessionaware.testing.history;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.Instant;
import java.util.Optional;

/** Writes a record that exists, whatever its version. */
class LastWriterWins extends StoreWrapper {

    LastWriterWins(SessionStore store) {
        super(store);
    }

    @Override
    public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
        return replace(seen, seen.touched(lastActiveAt, expiresAt));
    }

    @Override
    public boolean replace(SessionRecord seen, SessionRecord next) {
        while (true) {
            Optional<SessionRecord> stored = find(seen.userId(), seen.id());
            if (stored.isEmpty()) {
                return false;
            }
            if (super.replace(
                    stored.get(),
                    next.toBuilder().version(stored.get().version() + 1).build())) {
                return true;
            }
        }
    }
}
