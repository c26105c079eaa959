package io.github.sessionaware.examples.devices;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.examples.devices.DevicesServer.Secrets;
import io.github.sessionaware.examples.devices.DevicesServer.Settings;
import io.github.sessionaware.testing.HeldLogin;
import io.github.sessionaware.testing.StoreWrapper;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The example on a free port, with a database in memory, password hashes that take no time and a store that tests can
 * make fail. In a static field, all tests of the class share one server, and each test starts without sessions. In an
 * instance field, each test gets a new server.
 */
final class TestServer implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final ClientInfoReader CLIENTS = ClientInfoReader.builder().build();

    private final ClientInfoReader clients;
    private final InstantSource clock;
    private volatile boolean isDown;
    private volatile boolean isReadOnly;
    private boolean isShared;
    private DevicesServer server;
    private SessionStore store;
    private HeldLogin held;

    TestServer() {
        this(InstantSource.system());
    }

    TestServer(InstantSource clock) {
        this(CLIENTS, clock);
    }

    TestServer(ClientInfoReader clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    @Override
    public void beforeAll(ExtensionContext tests) throws Exception {
        isShared = true;
        start();
    }

    @Override
    public void beforeEach(ExtensionContext test) throws Exception {
        if (isShared) {
            giveStoreBack();
            Users.DEMO.keySet().forEach(user -> store.deleteAll(user, null));
        } else {
            start();
        }
    }

    @Override
    public void afterEach(ExtensionContext test) {
        if (!isShared) {
            server.close();
        }
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        server.close();
    }

    private void start() throws Exception {
        server = DevicesServer.start(new Settings(
                0,
                "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                new Secrets(secret()),
                clients,
                new Users(1),
                clock,
                this::failing,
                null));
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

    /** Starts a sign-in, and does the work after its password was checked and before its session is stored. */
    <T> T duringSignIn(Callable<T> signIn, Callable<?> work) throws Exception {
        return held.during(signIn, work);
    }

    private SessionStore failing(SessionStore working) {
        store = working;
        held = new HeldLogin(working);
        return new StoreWrapper(held) {
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
