package io.github.sessionaware.tck.elsewhere;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** The contract in another package, on one store that contains other data and that all tests share. */
public class SharedStoreContractTest extends SessionStoreContract {
    private static final SessionStore SHARED = new ReferenceStore();

    static {
        IntStream.range(0, 30).mapToObj(SharedStoreContractTest::otherData).forEach(SHARED::create);
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

    private static Session otherData(int number) {
        Instant login = Instant.parse("%d-01-01T00:00:00Z".formatted(1980 + number));
        return new Session(
                "other-data-in-the-store-%02d".formatted(number),
                "another-user",
                ClientInfo.unknown(),
                login,
                login,
                login.plusSeconds(60));
    }
}
