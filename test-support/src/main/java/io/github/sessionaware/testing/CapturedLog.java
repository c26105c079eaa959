package io.github.sessionaware.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/**
 * Captures the log while it is open: slf4j-simple writes to System.err. Where test classes run at the same time, one
 * that uses this must be isolated, because the others log too.
 */
public final class CapturedLog implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public CapturedLog() {
        System.setErr(new PrintStream(bytes, true, UTF_8));
    }

    public String text() {
        return bytes.toString(UTF_8);
    }

    /** Returns the lines of a level, such as WARN. */
    public List<String> linesOf(String level) {
        return text().lines().filter(line -> line.contains(" " + level + " ")).toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
