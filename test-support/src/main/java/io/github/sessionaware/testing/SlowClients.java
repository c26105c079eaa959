package io.github.sessionaware.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** Connections that hold a server up: each sends the start of a request, and may send its body byte by byte. */
public final class SlowClients implements AutoCloseable {
    private static final long MILLIS_BETWEEN_BYTES = 500;

    private final List<SocketChannel> connections = new ArrayList<>();
    private final ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "slow-clients");
        thread.setDaemon(true);
        return thread;
    });

    private SlowClients() {}

    /** Opens connections that send the first byte of a request and no more. */
    public static SlowClients sendingOneByte(InetSocketAddress server, int count) throws IOException {
        SlowClients clients = new SlowClients();
        clients.connect(server, count, "P");
        return clients;
    }

    /**
     * Opens connections that send the headers of a POST request at once and then one byte of its body every
     * {@value #MILLIS_BETWEEN_BYTES} milliseconds. The announced body has 4,000 bytes.
     */
    public static SlowClients tricklingABody(InetSocketAddress server, int count, String path, String contentType)
            throws IOException {
        SlowClients clients = new SlowClients();
        clients.connect(
                server,
                count,
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + contentType
                        + "\r\nContent-Length: 4000\r\n\r\n");
        var unused = clients.trickle.scheduleWithFixedDelay(
                clients::sendOneByteEach, 0, MILLIS_BETWEEN_BYTES, TimeUnit.MILLISECONDS);
        return clients;
    }

    private void connect(InetSocketAddress server, int count, String start) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(start.getBytes(StandardCharsets.US_ASCII));
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel connection = SocketChannel.open(server);
                connections.add(connection);
                connection.write(bytes.rewind());
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void sendOneByteEach() {
        for (SocketChannel connection : connections) {
            try {
                connection.write(ByteBuffer.wrap(new byte[] {'x'}));
            } catch (IOException e) {
                // The server has closed this connection, as it should.
            }
        }
    }

    /** Does the work while the connections are open, and closes them afterwards. */
    public void during(Executable work) throws Throwable {
        try {
            work.execute();
        } finally {
            close();
        }
    }

    /** Waits until the server has closed every connection, and returns what it sent before. */
    public List<String> awaitClosed() throws IOException {
        List<String> received = new ArrayList<>();
        for (SocketChannel connection : connections) {
            received.add(readToEnd(connection));
        }
        return received;
    }

    private static String readToEnd(SocketChannel connection) {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        try {
            while (connection.read(buffer.clear()) >= 0) {
                text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            }
        } catch (IOException e) {
            // A server that closes a connection while bytes arrive resets it.
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        trickle.shutdownNow();
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }
}
