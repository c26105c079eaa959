package io.github.sessionaware.examples.devices;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.examples.devices.DevicesServer.Secrets;
import java.lang.reflect.Proxy;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** The example on any free port and a database in memory, whose store can be taken away. */
final class TestServer implements AutoCloseable {
    private final AtomicBoolean isDown = new AtomicBoolean();
    private DevicesServer server;

    void start() throws Exception {
        server = DevicesServer.start(
                0, "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", new Secrets(secret()), this::failing);
    }

    int port() {
        return server.port();
    }

    void takeStoreAway() {
        isDown.set(true);
    }

    void giveStoreBack() {
        isDown.set(false);
    }

    @Override
    public void close() {
        server.close();
    }

    private SessionStore failing(SessionStore store) {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> {
                    if (isDown.get()) {
                        throw new SessionStoreException("taken away");
                    }
                    return method.invoke(store, arguments);
                });
    }

    private static byte[] secret() {
        byte[] secret = new byte[96];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (i * 7 + 1);
        }
        return secret;
    }
}
