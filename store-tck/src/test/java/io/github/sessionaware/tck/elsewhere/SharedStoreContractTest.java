package io.github.sessionaware.tck.elsewhere;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.Admission;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** The contract on one store that contains other data and that all tests share. */
public class SharedStoreContractTest extends SessionStoreContract {
    private static final SessionStore SHARED = new MapSessionStore();

    static {
        IntStream.range(0, 30)
                .mapToObj(SharedStoreContractTest::otherData)
                .forEach(session -> SHARED.create(session, Admission.unconditional()));
    }

    private int calls;

    @Override
    public SessionStore store() {
        calls++;
        return SHARED;
    }

    @AfterEach
    void testHasCalledStoreOnce() {
        assertEquals(1, calls);
    }

    private static SessionRecord otherData(int number) {
        Instant login = Instant.parse("%d-01-01T00:00:00Z".formatted(1980 + number));
        return SessionRecord.builder("another-user", "other-data-in-the-store-%02d".formatted(number))
                .createdAt(login)
                .lastActiveAt(login)
                .expiresAt(login.plusSeconds(60))
                .build();
    }
}
