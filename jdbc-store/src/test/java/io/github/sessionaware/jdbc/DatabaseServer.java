package io.github.sessionaware.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A database server in processes of its own, which can be stopped in every way there is. */
interface DatabaseServer extends AutoCloseable {

    int port();

    ServerDatabase newDatabase();

    /** The server's own, the first of them before those it has started. */
    List<ProcessHandle> processes();

    /** On the same data and the same port, after {@link #kill} or {@link #close}. */
    DatabaseServer startAgain();

    /** Stops it in order. */
    @Override
    void close();

    /**
     * As the power cord does: no process of the server lives to see it. Standing still it can start none that would be
     * missed, for a connection that is just being opened.
     */
    default void kill() {
        pause();
        List<ProcessHandle> processes = processes();
        signal("KILL", processes);
        processes.forEach(process -> process.onExit().join());
        close();
    }

    /** All processes stand still: connections stay open and nobody answers. */
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
