package io.github.sessionaware.tck;

import io.github.sessionaware.Session;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Stores whose createLimited is wrong or not atomic. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // The missing lock is the fault.
final class BrokenLimit {
    private BrokenLimit() {}

    static final class ShowsUnexpiredOnly extends ReferenceStore {
        @Override
        public synchronized Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            return super.createLimited(
                    session,
                    present -> choice.apply(present.stream()
                            .filter(other -> other.expiresAt().isAfter(session.createdAt()))
                            .toList()));
        }
    }

    static final class ShowsEverybodys extends ReferenceStore {
        @Override
        public synchronized Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            return super.createLimited(session, present -> choice.apply(List.copyOf(sessions.values())));
        }
    }

    static final class KeepsWhatWasChosen extends ReferenceStore {
        @Override
        public synchronized Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            Optional<List<Session>> chosen = choice.apply(list(session.userId()));
            chosen.ifPresent(none -> create(session));
            return chosen;
        }
    }

    static final class StoresLess extends ReferenceStore {
        @Override
        public synchronized Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            return super.createLimited(BrokenReplace.withoutTimeouts(BrokenReplace.withoutLabel(session)), choice);
        }
    }

    static final class CreatesWhatWasRefused extends ReferenceStore {
        @Override
        public synchronized Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            return super.createLimited(
                    session, present -> Optional.of(choice.apply(present).orElse(List.of())));
        }
    }

    static final class TakesNothingToRemoveForARefusal extends ReferenceStore {
        @Override
        public synchronized Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            return super.createLimited(session, choice).filter(removed -> !removed.isEmpty());
        }
    }

    static final class RemovesBeforeItFails extends ReferenceStore {
        @Override
        public synchronized Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            Optional<List<Session>> chosen = choice.apply(list(session.userId()));
            chosen.ifPresent(leaving -> {
                leaving.forEach(left -> sessions.remove(left.id()));
                create(session);
            });
            return chosen;
        }
    }

    static final class LooksThenWrites extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            List<Session> seen = list(session.userId());
            gap.linger();
            return super.createLimited(session, present -> choice.apply(seen));
        }
    }

    static final class RemovesOnlyWhatIsUntouched extends ReferenceStore {
        private final Gap gap = new Gap();

        @Override
        public boolean touch(Session seen, Instant lastActiveAt, Instant expiresAt) {
            return gap.actInside(() -> super.touch(seen, lastActiveAt, expiresAt));
        }

        @Override
        public Optional<List<Session>> createLimited(
                Session session, Function<List<Session>, Optional<List<Session>>> choice) {
            Optional<List<Session>> chosen = choice.apply(list(session.userId()));
            gap.letARivalAct();
            synchronized (this) {
                return super.createLimited(
                        session,
                        present -> chosen.map(leaving ->
                                leaving.stream().filter(present::contains).toList()));
            }
        }
    }
}
