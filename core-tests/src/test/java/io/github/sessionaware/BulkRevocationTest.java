package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A revoke of many sessions works in batches, and each is a short call of the store. */
class BulkRevocationTest {
    private final Batches store = new Batches();
    private final List<EndCause> ended = new ArrayList<>();
    private final SessionAwareTokenService service = aServiceOn(store)
            .clock(new FakeClock(START))
            .listener(new SessionListener() {
                @Override
                public void sessionEnded(String userId, Session session, EndCause cause) {
                    ended.add(cause);
                }
            })
            .build();

    @Test
    void sessionsCreatedBeforeATimeEndInBatchesOfFiveHundred() {
        store.fill(1_001);

        assertEquals(1_001, service.revokeSessionsCreatedBefore("alice", START.plusMillis(1)));

        assertEquals(List.of(500, 500, 1), store.sizes);
        assertEquals(1_001, ended.size());
        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void sessionsCreatedInTheMillisecondOrLaterStayAndCauseNoDelete() {
        store.fill(3);

        assertEquals(0, service.revokeSessionsCreatedBefore("alice", START));

        assertEquals(List.of(), store.sizes);
    }

    /** The user was authenticated with the old password, and logged in after it had changed. */
    @Test
    void sessionsOfAnEarlierAuthenticationEndToo() {
        LoginOptions earlier = LoginOptions.defaults().withAuthenticatedAt(START.minusMillis(1));
        service.issue("alice", ClientInfo.unknown(), earlier);
        service.issue("alice", ClientInfo.unknown(), LoginOptions.defaults().withAuthenticatedAt(START));

        assertEquals(1, service.revokeSessionsCreatedBefore("alice", START));
        assertEquals(1, service.listSessions("alice").size());
    }

    @Test
    void whenTheStoreFailsListenersHearOfThoseThatEndedAndASecondCallEndsTheRest() {
        store.fill(1_001);
        store.failsAtBatch = 2;

        assertThrows(
                SessionStoreException.class,
                () -> service.revokeSessionsCreatedBefore("alice", START.plusMillis(1), EndCause.PASSWORD_CHANGED));

        assertEquals(500, ended.size());
        assertEquals(501, service.listSessions("alice").size());
        assertEquals(501, service.revokeSessionsCreatedBefore("alice", START.plusMillis(1), EndCause.PASSWORD_CHANGED));
        assertEquals(Set.of(EndCause.PASSWORD_CHANGED), Set.copyOf(ended));
        assertEquals(1_001, ended.size());
    }

    @Test
    void aStoreThatReturnsASessionThatWasNotToBeDeletedIsFound() {
        store.fill(2);
        SessionAwareTokenService broken = aServiceOn(new StoreWrapper(store) {
                    @Override
                    public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
                        return super.deleteAll(userId, null);
                    }
                })
                .build();

        assertThrows(SessionStoreException.class, () -> broken.revokeSession("alice", Batches.id(0)));
    }

    private static final class Batches extends StoreWrapper {
        private final List<Integer> sizes = new ArrayList<>();
        private int failsAtBatch;

        Batches() {
            super(new ReferenceStore());
        }

        void fill(int sessions) {
            Instant end = START.plusSeconds(3600);
            for (int i = 0; i < sessions; i++) {
                create(
                        SessionRecord.builder("alice", id(i))
                                .createdAt(START)
                                .lastActiveAt(START)
                                .expiresAt(end)
                                .authentication(new Authentication(START, List.of()))
                                .build(),
                        Admission.unconditional());
            }
        }

        static String id(int number) {
            return "session-number-%08d".formatted(number);
        }

        @Override
        public List<SessionRecord> delete(String userId, Set<String> sessionIds) {
            sizes.add(sessionIds.size());
            if (sizes.size() == failsAtBatch) {
                throw new SessionStoreException("The database is down");
            }
            return super.delete(userId, sessionIds);
        }
    }
}
