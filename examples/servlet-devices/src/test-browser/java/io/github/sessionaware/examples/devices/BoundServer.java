package io.github.sessionaware.examples.devices;

import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.examples.devices.DevicesServer.Https;
import io.github.sessionaware.examples.devices.DevicesServer.Secrets;
import io.github.sessionaware.examples.devices.DevicesServer.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The example over HTTPS with the certificate of its script, and short tokens for bound sessions. */
final class BoundServer implements AutoCloseable {
    static final Duration SHORT_LIFETIME = Duration.ofSeconds(6);
    static final Duration LONG_LIFETIME = Duration.ofMinutes(5);

    private final Path folder;
    private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private DevicesServer server;

    private BoundServer(Path folder) {
        this.folder = folder;
    }

    static BoundServer start() throws Exception {
        BoundServer server = new BoundServer(Files.createTempDirectory("https"));
        run("./certificate", server.folder.toString());
        Path trusted = Files.createDirectories(server.home().resolve(".pki").resolve("nssdb"));
        run("certutil", "-N", "-d", "sql:" + trusted, "--empty-password");
        Path authority = server.folder.resolve("ca.pem");
        run("certutil", "-A", "-d", "sql:" + trusted, "-n", "example", "-t", "C,,", "-i", authority.toString());
        server.serve(0, (byte) 1, SHORT_LIFETIME);
        return server;
    }

    /** Starts the server again, at the same address and with the same sessions. Another seed means another key. */
    void restart(byte signingSeed, Duration lifetime) throws Exception {
        int port = server.port();
        server.close();
        serve(port, signingSeed, lifetime);
    }

    private void serve(int port, byte signingSeed, Duration lifetime) throws Exception {
        byte[] secrets = new byte[Secrets.BYTES];
        for (int i = 0; i < secrets.length; i++) {
            secrets[i] = (byte) (i * 7 + (i < 32 ? signingSeed : 1));
        }
        server = DevicesServer.start(new Settings(
                port,
                database,
                new Secrets(secrets),
                ClientInfoReader.builder().build(),
                new Users(1),
                InstantSource.system(),
                UnaryOperator.identity(),
                new Https(keyStore(), ExperimentalDeviceBinding.defaults().withAccessTokenLifetime(lifetime))));
    }

    String url() {
        return server.url();
    }

    /** The home folder of browsers that trust the server. */
    Path home() {
        return folder.resolve("home");
    }

    Path keyStore() {
        return folder.resolve("https.p12");
    }

    /** Returns what a client that is no browser needs to trust the server. */
    SSLContext trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance(keyStore().toFile(), "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
