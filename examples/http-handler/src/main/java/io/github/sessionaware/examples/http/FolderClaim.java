package io.github.sessionaware.examples.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reserves a data folder for one process. H2 opens a database file for one process only, and a second start should say
 * where the first one listens. The operating system releases the claim of a process that was killed.
 */
final class FolderClaim implements AutoCloseable {
    /** This byte lies behind the text of the file, because Windows lets no other process read a locked byte. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int MAX_TEXT = 200;

    private final @Nullable FileChannel channel;

    private FolderClaim(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /** Claims nothing, for a server that keeps no database file in a folder. */
    static FolderClaim none() {
        return new FolderClaim(null);
    }

    /** Claims a folder and creates it if it is missing. */
    static FolderClaim of(Path folder) throws IOException {
        OwnerOnly.createFolder(folder);
        Path file = folder.resolve("running");
        OwnerOnly.createFile(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                throw new AlreadyRunning("The example is already running, with its data in " + folder.toAbsolutePath()
                        + ": " + text(channel));
            }
            FolderClaim claim = new FolderClaim(channel);
            claim.publish("it is starting");
            return claim;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Records the URL of this process, so that a second start can show it. */
    void listeningOn(String url) throws IOException {
        publish(url);
    }

    private void publish(String state) throws IOException {
        if (channel != null) {
            channel.truncate(0);
            String text = state + " (process " + ProcessHandle.current().pid() + ")";
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        }
    }

    /** Returns only printable ASCII, because a terminal would obey control characters in a file. */
    static String text(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_TEXT);
        channel.read(bytes, 0);
        return StandardCharsets.US_ASCII.decode(bytes.flip()).toString().replaceAll("[^ -~]", "?");
    }

    /** Keeps the file: another process may have opened it, and would lock a file that no third process can find. */
    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another process has claimed the folder. The message says where that process listens. */
    static final class AlreadyRunning extends IOException {
        private static final long serialVersionUID = 1L;

        AlreadyRunning(String message) {
            super(message);
        }
    }
}
