package io.github.sessionaware.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The line between driver and server, which a test can break while it is in use. A fault strikes either everything, or
 * only a connection that carries a statement with a given text. In the second case the pool can still test its
 * connections, and it is the statement that meets the fault.
 */
public final class TcpProxy implements AutoCloseable {
    private static final String EVERYTHING = "";
    private static final Fault NONE = new Fault(Kind.PASS, EVERYTHING, Duration.ZERO);

    private final int serverPort;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private volatile Fault fault = NONE;

    public TcpProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Lets everything through again, except on connections that have lost something in a black hole. */
    public void pass() {
        fault = NONE;
    }

    /** Resets every connection, and closes new ones before anything is sent. */
    public void refuse() {
        fault = new Fault(Kind.REFUSE, EVERYTHING, Duration.ZERO);
        resetConnections();
    }

    /** Resets the connections that are open now. */
    public void resetConnections() {
        lines.forEach(Line::reset);
    }

    /** Keeps connections open and accepts new ones, but delivers nothing in either direction. */
    public void blackHole() {
        blackHoleOn(EVERYTHING);
    }

    /** Drops the statement, and everything that follows on its connection. */
    public void blackHoleOn(String text) {
        fault = new Fault(Kind.BLACK_HOLE, text, Duration.ZERO);
    }

    /** Delays each part of a reply. */
    public void delay(Duration delay) {
        delayReplyTo(EVERYTHING, delay);
    }

    public void delayReplyTo(String text, Duration delay) {
        fault = new Fault(Kind.DELAY, text, delay);
    }

    /** Drops the statement and resets its connection. */
    public void resetOn(String text) {
        fault = new Fault(Kind.RESET, text, Duration.ZERO);
    }

    /** Lets the server run the statement, and resets the connection before the client gets the reply. */
    public void loseReplyTo(String text) {
        fault = new Fault(Kind.LOSE_REPLY, text, Duration.ZERO);
    }

    /** Lets the server run the next such statement, and ends the connection in order in place of the reply. */
    public void endInPlaceOfTheNextReplyTo(String text) {
        fault = new Fault(Kind.END, text, Duration.ZERO);
    }

    @Override
    public void close() {
        try {
            listener.close();
            resetConnections();
            threads.shutdown();
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("threads of the proxy are left");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Line line = new Line(listener.accept());
                lines.add(line);
                // The line is added before this check, so that a later fault or close finds it among the lines.
                if (fault.kind == Kind.REFUSE || listener.isClosed() || !line.connect()) {
                    line.reset();
                } else {
                    threads.execute(line::pumpRequests);
                    threads.execute(line::pumpReplies);
                }
            } catch (IOException e) {
                // The listener was closed, or a client went away before it was accepted.
            }
        }
    }

    private enum Kind {
        PASS,
        REFUSE,
        BLACK_HOLE,
        DELAY,
        RESET,
        LOSE_REPLY,
        END
    }

    private record Fault(Kind kind, String text, Duration delay) {}

    /** A client's connection, and the proxy's connection to the server for it. */
    private final class Line {
        private final Socket client;
        private final Socket server = new Socket();
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile Kind struckBy = Kind.PASS;

        Line(Socket client) {
            this.client = client;
        }

        boolean connect() {
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        void pumpRequests() {
            pump(client, server, request -> {
                Kind kind = strike(new String(request, StandardCharsets.ISO_8859_1));
                if (kind == Kind.RESET) {
                    reset();
                }
                return kind != Kind.RESET && kind != Kind.BLACK_HOLE;
            });
        }

        void pumpReplies() {
            pump(server, client, reply -> {
                Fault now = fault;
                Kind kind = now.text.equals(EVERYTHING) ? strike(EVERYTHING) : struckBy;
                if (kind == Kind.LOSE_REPLY) {
                    reset();
                }
                if (kind == Kind.END) {
                    pass();
                    close();
                }
                if (kind == Kind.DELAY && end.await(now.delay.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
                return kind != Kind.LOSE_REPLY && kind != Kind.END && kind != Kind.BLACK_HOLE;
            });
        }

        /** A connection recovers from every fault except a black hole, because what that swallowed stays missing. */
        private Kind strike(String sent) {
            Fault now = fault;
            if (struckBy != Kind.BLACK_HOLE) {
                struckBy = sent.contains(now.text) ? now.kind : Kind.PASS;
            }
            return struckBy;
        }

        private void pump(Socket from, Socket to, Gate gate) {
            byte[] buffer = new byte[1 << 16];
            try {
                for (int length; (length = from.getInputStream().read(buffer)) >= 0; ) {
                    byte[] said = Arrays.copyOf(buffer, length);
                    if (gate.lets(said)) {
                        to.getOutputStream().write(said);
                    }
                }
            } catch (IOException e) {
                // One of the two connections has ended, so the other one ends too.
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                close();
            }
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } catch (IOException e) {
                // It is closed already.
            }
            close();
        }

        private void close() {
            try (client;
                    server) {
                lines.remove(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                end.countDown();
            }
        }
    }

    private interface Gate {
        boolean lets(byte[] said) throws InterruptedException;
    }
}
