package io.github.sessionaware.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A database server in processes of its own, which a test can stop in several ways. */
interface DatabaseServer extends AutoCloseable {

    int port();

    ServerDatabase newDatabase();

    /** The server's processes. The first one started the others. */
    List<ProcessHandle> processes();

    /** Starts a server on the same data and the same port, after {@link #kill} or {@link #close}. */
    DatabaseServer startAgain();

    /** Shuts the server down in order. */
    @Override
    void close();

    /**
     * Kills all processes of the server at once, as a power failure does. They are paused first, so that none of them
     * starts another one, for a new connection, that the kill would miss.
     */
    default void kill() {
        pause();
        List<ProcessHandle> processes = processes();
        signal("KILL", processes);
        processes.forEach(process -> process.onExit().join());
        close();
    }

    /** Stops all processes without ending them. Connections stay open and get no answer. */
    default void pause() {
        signal("STOP", processes());
    }

    default void resume() {
        signal("CONT", processes());
    }

    private static void signal(String name, List<ProcessHandle> processes) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
