package io.github.sessionaware.tck;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStoreException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Stores whose create treats the admission wrongly, or not atomically. */
final class BrokenAdmission {
    private BrokenAdmission() {}

    static final class IgnoresTheAdmission extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(session, Admission.unconditional());
        }
    }

    static final class DecidesBeforeItLooksAtTheId extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return admission.decide(list(session.userId())).flatMap(left -> super.create(session, admission));
        }
    }

    static final class AdmitsIfTheAdmissionThrows extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            try {
                return super.create(session, admission);
            } catch (IllegalStateException e) {
                return super.create(session, Admission.unconditional());
            }
        }
    }

    static final class AllowsOneSessionPerUser extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(session, admission.isUnconditional() ? Admission.decidedBy(Optional::of) : admission);
        }
    }

    static final class ShowsUnexpiredOnly extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(
                    session,
                    Admission.decidedBy(present -> admission.decide(present.stream()
                            .filter(other -> other.expiresAt().isAfter(session.createdAt()))
                            .toList())));
        }
    }

    static final class ShowsEverybodys extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(session, Admission.decidedBy(present -> admission.decide(everybodys())));
        }
    }

    static final class ShowsTheNewRecordToo extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(
                    session,
                    Admission.decidedBy(present -> admission.decide(
                            Stream.concat(present.stream(), Stream.of(session)).toList())));
        }
    }

    static final class KeepsWhatMustLeave extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
            leaving.ifPresent(kept -> super.create(session, Admission.unconditional()));
            return leaving;
        }
    }

    /** Behaves like a store whose transactions have at most 100 items. */
    static final class RemovesAHundred extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
            super.create(
                    session,
                    Admission.decidedBy(present ->
                            leaving.map(left -> left.stream().limit(98).toList())));
            return leaving;
        }
    }

    static final class ReturnsAHundred extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(session, admission)
                    .map(removed -> removed.stream().limit(100).toList());
        }
    }

    static final class StoresLess extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(
                    admission.isUnconditional() ? session : BrokenRecord.withoutAttributes(session), admission);
        }
    }

    static final class CreatesWhatWasRefused extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(
                    session,
                    Admission.decidedBy(
                            present -> Optional.of(admission.decide(present).orElse(List.of()))));
        }
    }

    static final class RemovesForARefusedLogin extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> created = super.create(session, admission);
            if (created.isEmpty()) {
                deleteAll(session.userId(), null);
            }
            return created;
        }
    }

    static final class TakesNothingToRemoveForARefusal extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            return super.create(session, admission).filter(removed -> !removed.isEmpty());
        }
    }

    static final class RemovesBeforeItFails extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
            leaving.ifPresent(left -> {
                left.forEach(this::remove);
                super.create(session, Admission.unconditional());
            });
            return leaving;
        }
    }

    static final class RemovesTheExistingIdAndFails extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            try {
                return super.create(session, admission);
            } catch (SessionStoreException e) {
                admission.decide(list(session.userId())).ifPresent(left -> left.forEach(this::remove));
                throw e;
            }
        }
    }

    static final class LooksThenWrites extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            List<SessionRecord> seen = list(session.userId());
            gap.linger();
            return super.create(session, Admission.decidedBy(present -> admission.decide(seen)));
        }
    }

    static final class RemovesOnlyWhatIsUnchanged extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return gap.actInside(() -> super.replace(seen, next));
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
            gap.letARivalAct();
            return super.create(
                    session,
                    Admission.decidedBy(present -> leaving.map(
                            left -> left.stream().filter(present::contains).toList())));
        }
    }

    /** Removes by id, whatever has happened to the record since the admission saw it. */
    static final class RemovesWhatHasChanged extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public boolean replace(SessionRecord seen, SessionRecord next) {
            return gap.actInside(() -> super.replace(seen, next));
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
            gap.letARivalAct();
            return super.create(
                    session,
                    Admission.decidedBy(present -> leaving.map(left -> present.stream()
                            .filter(other ->
                                    left.stream().map(SessionRecord::id).anyMatch(other.id()::equals))
                            .toList())));
        }
    }

    /** Behaves like a store that reads all records of a user, and writes all of them back. */
    static final class WritesBackWhatItRead extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        public boolean touch(SessionRecord seen, Instant lastActiveAt, Instant expiresAt) {
            return gap.actInside(() -> super.touch(seen, lastActiveAt, expiresAt));
        }

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return gap.actInside(() -> super.delete(userId, sessionId));
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            List<SessionRecord> read = list(session.userId());
            gap.letARivalAct();
            read.forEach(this::put);
            return super.create(session, admission);
        }
    }

    static final class ReturnsWhatShouldLeave extends BreakableStore {
        private final Gap gap = new Gap();

        @Override
        Optional<SessionRecord> delete(String userId, String sessionId) {
            return gap.actInside(() -> super.delete(userId, sessionId));
        }

        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
            gap.letARivalAct();
            leaving.ifPresent(left -> {
                super.create(session, Admission.unconditional());
                left.forEach(this::remove);
            });
            return leaving;
        }
    }

    static final class DecidedCreateOverwrites extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            if (admission.isUnconditional()) {
                return super.create(session, admission);
            }
            Optional<List<SessionRecord>> leaving = admission.decide(list(session.userId()));
            leaving.ifPresent(left -> {
                left.forEach(this::remove);
                put(session);
            });
            return leaving;
        }
    }

    static final class FailsForEveryDecision extends BreakableStore {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            if (admission.isUnconditional()) {
                return super.create(session, admission);
            }
            throw new SessionStoreException("Admissions that decide are not supported");
        }
    }
}
