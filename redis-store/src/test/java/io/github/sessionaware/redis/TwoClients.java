package io.github.sessionaware.redis;

import io.github.sessionaware.testing.StoreFixture;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Two nodes on one Redis, each with a client of its own. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class TwoClients implements StoreFixture {
    static final int CONNECTIONS = 16;

    private final Client one;
    private final Client other;

    TwoClients(Client one, Client other) {
        this.one = one;
        this.other = other;
    }

    /** The keys of each test begin differently. */
    @Override
    public Nodes emptyStores() {
        String prefix = UUID.randomUUID() + ":";
        return new Nodes(storeOn(one, prefix), storeOn(other, prefix));
    }

    /** The timeout is long, so that a busy machine does not look like a call that is blocked. */
    private static RedisSessionStore storeOn(Client client, String prefix) {
        return new RedisSessionStore(client.access()).withKeyPrefix(prefix).withTimeout(Duration.ofSeconds(30));
    }

    @AfterAll
    void closeClients() {
        one.close();
        other.close();
    }
}
