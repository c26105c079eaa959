package io.github.sessionaware.tck.elsewhere;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Instant;
import java.util.stream.IntStream;

/** A store author's view: from another package, and on one store that all tests share with other data. */
public class SharedStoreContractTest extends SessionStoreContract {
    private static final SessionStore SHARED = new ReferenceStore();

    static {
        IntStream.range(0, 30).mapToObj(SharedStoreContractTest::leftBehind).forEach(SHARED::create);
    }

    @Override
    protected SessionStore store() {
        return SHARED;
    }

    private static Session leftBehind(int number) {
        Instant login = Instant.parse("%d-01-01T00:00:00Z".formatted(1980 + number));
        return new Session(
                "left-behind-by-somebody-%02d".formatted(number),
                "somebody",
                ClientInfo.unknown(),
                login,
                login,
                login.plusSeconds(60));
    }
}
