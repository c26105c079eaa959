package io.github.sessionaware.examples.devices;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.examples.devices.DevicesServer.Secrets;
import io.github.sessionaware.examples.devices.DevicesServer.Settings;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The example on any free port and a database in memory, whose store can be taken away; a new one for each test. */
final class TestServer implements BeforeEachCallback, AfterEachCallback {
    private final ClientInfoReader clients;
    private final InstantSource clock;
    private volatile boolean isDown;
    private volatile boolean isReadOnly;
    private DevicesServer server;

    TestServer() {
        this(ClientInfoReader.builder().build(), InstantSource.system());
    }

    TestServer(ClientInfoReader clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    @Override
    public void beforeEach(ExtensionContext test) throws Exception {
        server = DevicesServer.start(new Settings(
                0,
                "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                new Secrets(secret()),
                clients,
                clock,
                this::failing));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        server.close();
    }

    int port() {
        return server.port();
    }

    void takeStoreAway() {
        isDown = true;
    }

    void takeWritesAway() {
        isReadOnly = true;
    }

    void giveStoreBack() {
        isDown = false;
        isReadOnly = false;
    }

    private SessionStore failing(SessionStore store) {
        return new StoreWrapper(store) {
            @Override
            protected void beforeRead() {
                if (isDown) {
                    throw new SessionStoreException("taken away");
                }
            }

            @Override
            protected void beforeWrite() {
                beforeRead();
                if (isReadOnly) {
                    throw new SessionStoreException("read-only");
                }
            }
        };
    }

    private static byte[] secret() {
        byte[] secret = new byte[Secrets.BYTES];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (i * 7 + 1);
        }
        return secret;
    }
}
