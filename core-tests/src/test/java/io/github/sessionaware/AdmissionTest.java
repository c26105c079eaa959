package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The user's other sessions that a store shows to an admission. */
class AdmissionTest {
    private static final SessionRecord OLD = TestSessions.record("alice", "a".repeat(22), START.plusSeconds(60));

    private final List<Admission> admissions = new ArrayList<>();
    private final List<SessionRecord> created = new ArrayList<>();
    private final SessionStore store = new StoreWrapper(new ReferenceStore()) {
        @Override
        public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
            created.add(session);
            admissions.add(admission);
            return super.create(session, admission);
        }
    };

    @Test
    void anUnconditionalAdmissionLetsEverySessionStay() {
        assertTrue(Admission.unconditional().isUnconditional());
        assertEquals(Optional.of(List.of()), Admission.unconditional().decide(List.of(OLD)));
    }

    @Test
    void aDecisionIsThatOfItsFunction() {
        Admission evicts = Admission.decidedBy(Optional::of);
        Admission refuses = Admission.decidedBy(present -> Optional.empty());

        assertFalse(evicts.isUnconditional());
        assertEquals(Optional.of(List.of(OLD)), evicts.decide(List.of(OLD)));
        assertEquals(Optional.empty(), refuses.decide(List.of(OLD)));
        assertThrows(NullPointerException.class, () -> Admission.decidedBy(null));
    }

    /** So a store needs neither a lock nor a read. */
    @Test
    void aLoginWithoutALimitIsUnconditionalEvenIfListenersCompareIt() {
        SessionAwareTokenServiceBuilder unlimited = aServiceOn(store).sessionLimit(SessionLimit.unlimited());
        unlimited.build().issue("alice", ClientInfo.unknown());
        unlimited.listener(new SessionListener() {}).build().issue("alice", ClientInfo.unknown());

        admissions.forEach(admission -> assertTrue(admission.isUnconditional()));
        assertEquals(2, admissions.size());
    }

    @Test
    void aLoginWithALimitDependsOnTheOtherSessions() {
        SessionAwareTokenService limited = aServiceOn(store)
                .clock(new FakeClock(START))
                .sessionLimit(new SessionLimit(1, AtLimit.END_OLDEST))
                .build();

        limited.issue("alice", ClientInfo.unknown());

        assertFalse(admissions.get(0).isUnconditional());
        assertEquals(Optional.of(List.of(OLD)), admissions.get(0).decide(List.of(OLD)));
        assertEquals(Optional.of(List.of()), admissions.get(0).decide(List.of()), "A store may ask again");
    }

    /** A store that removes records in several steps may lose a race between them. */
    @Test
    void aStoreMayReturnARecordThatOnlyAnEarlierAnswerNamed() {
        SessionAwareTokenService limited = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public Optional<List<SessionRecord>> create(SessionRecord session, Admission admission) {
                        Optional<List<SessionRecord>> first = admission.decide(List.of(OLD));
                        admission.decide(List.of());
                        return first;
                    }
                })
                .clock(new FakeClock(START))
                .sessionLimit(new SessionLimit(1, AtLimit.END_OLDEST))
                .build();

        assertEquals("alice", limited.issue("alice", ClientInfo.unknown()).userId());
    }

    @Test
    void aNewSessionHasTheFirstVersionAndTheFirstGeneration() {
        aServiceOn(store).build().issue("alice", ClientInfo.unknown());

        assertEquals(
                List.of(1L, 1), List.of(created.get(0).version(), created.get(0).generation()));
    }
}
