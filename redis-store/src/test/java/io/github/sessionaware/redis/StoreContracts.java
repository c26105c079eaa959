package io.github.sessionaware.redis;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.tck.SessionStoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The contract of {@code store-tck} through one client. Two nodes have a client each. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class StoreContracts extends SessionStoreContract {
    static final int CONNECTIONS = 8;

    /** Long, so that a busy machine does not look like an outage. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Lets contracts share a server, although a purge visits all users. */
    private final String prefix = "contract:" + UUID.randomUUID() + ":";

    private Client client;
    private Client otherClient;
    private SessionStore store;
    private SessionStore otherNode;

    abstract Client connect();

    RedisSessionStore configured(RedisSessionStore store) {
        return store;
    }

    @BeforeAll
    void createStores() {
        client = connect();
        otherClient = connect();
        store = storeOn(client);
        otherNode = storeOn(otherClient);
    }

    private SessionStore storeOn(Client connected) {
        return configured(
                new RedisSessionStore(connected.access()).withKeyPrefix(prefix).withTimeout(TIMEOUT));
    }

    /** A purge visits all users of the server, so those of the tests before would make each race of purges long. */
    @AfterEach
    void removeAllSessions() {
        storeOn(client).purge(Instant.parse("9999-12-31T00:00:00Z"));
    }

    @AfterAll
    void closeClients() {
        client.close();
        otherClient.close();
    }

    @Override
    public SessionStore store() {
        return store;
    }

    @Override
    public SessionStore otherNode(SessionStore sameAsStore) {
        return otherNode;
    }

    /** The key of a user expires. */
    @Override
    public boolean dropsExpired() {
        return true;
    }
}
