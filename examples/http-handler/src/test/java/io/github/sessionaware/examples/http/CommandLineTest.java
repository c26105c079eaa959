package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @TempDir
    Path data;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--verbose",
                "server",
                "--port",
                "--port x",
                "--port -1",
                "--port 65536",
                "--memory --data x",
                "--memory --jdbc-url jdbc:h2:mem:x"
            })
    void aWrongArgumentPrintsTheUsageAndExitsWith2(String args) {
        int code = run(args.split(" "));

        assertEquals(2, code);
        assertTrue(err().endsWith(Options.USAGE), err());
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aPortInUseIsReportedWithBothRemedies() throws Exception {
        HttpServer other = Servers.bind();
        String port = Integer.toString(other.getAddress().getPort());
        try {
            int code = run("--port", port, "--memory");

            assertEquals(1, code);
            assertEquals("""
                    Cannot listen on the port: Address already in use
                    If an example is already running there, stop it with Ctrl+C in its terminal. \
                    Or choose another port with --port N
                    """, err());
        } finally {
            other.stop(0);
        }
    }

    /** Needs a second process, because the operating system does not lock a file against its own process. */
    @Test
    void aSecondStartSaysWhereTheFirstOneListensAndHowToStopIt() throws Exception {
        try (ExampleServer first = Servers.onFiles(data)) {
            Process second = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            HttpExample.class.getName(),
                            "--port",
                            Integer.toString(first.address().getPort()),
                            "--data",
                            data.toString())
                    .redirectErrorStream(true)
                    .start();

            String printed = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(1, second.waitFor());
            assertEquals(
                    "The example is already running, with its data in " + data.toAbsolutePath() + ": " + first.url()
                            + " (process " + ProcessHandle.current().pid() + ")\n"
                            + "Stop it with Ctrl+C in its terminal, or start a second one with --port N --data DIR\n",
                    printed.replace(System.lineSeparator(), "\n"));
        }
    }

    @Test
    void theTextOfAClaimIsShownInPrintableAscii() throws Exception {
        Path running = Files.writeString(data.resolve("running"), "\u001b]0;x\u0007http://localhost\n\u00e9");

        try (FileChannel channel = FileChannel.open(running)) {
            assertEquals("?]0;x?http://localhost???", FolderClaim.text(channel));
        }
    }

    @Test
    void anUnreachableDatabaseIsReportedInOneLineWithoutItsUrl() {
        int code = run("--port", "0", "--data", data.toString(), "--jdbc-url", "jdbc:none://host/?password=geheim");

        assertEquals(1, code);
        assertEquals(1, err().lines().count(), err());
        assertFalse(err().contains("geheim"), err());
    }

    @Test
    void onlyThisMachineCanConnect() throws Exception {
        try (ExampleServer server = Servers.with("--memory")) {
            assertTrue(server.address().getAddress().isLoopbackAddress());
        }
    }

    @Test
    void withoutArgumentsTheFilesGoToTheFolderOfTheExample() throws Exception {
        Options options = Options.parse();

        assertEquals(8080, options.port());
        assertEquals(Path.of("examples/http-handler/data"), options.data());
        assertFalse(options.memory());
    }

    private int run(String... args) {
        return HttpExample.run(print(out), print(err), args);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }
}
