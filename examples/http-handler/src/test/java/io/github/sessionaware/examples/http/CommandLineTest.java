package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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
    void aWrongArgumentIsAnsweredWithTheUsageAndCode2(String args) {
        int code = run(args.split(" "));

        assertEquals(2, code);
        assertTrue(err().endsWith(Options.USAGE), err());
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aPortInUseIsOneClearLine() throws Exception {
        HttpServer other = Servers.bind();
        String port = Integer.toString(other.getAddress().getPort());
        try {
            int code = run("--port", port, "--data", data.toString());

            assertEquals(1, code);
            assertEquals("Cannot listen: Address already in use. Choose another port with --port", err().strip());
            assertFalse(Files.exists(data.resolve("secret.key")));
        } finally {
            other.stop(0);
        }
    }

    @Test
    void aDatabaseThatCannotBeOpenedIsOneLineWithoutTheUrl() {
        int code = run("--port", "0", "--data", data.toString(), "--jdbc-url", "jdbc:none://host/?password=geheim");

        assertEquals(1, code);
        assertEquals(1, err().lines().count(), err());
        assertFalse(err().contains("geheim"), err());
    }

    @Test
    void onlyThisMachineCanConnect() throws Exception {
        try (ExampleServer server = HttpExample.start(Options.parse("--memory", "--port", "0"))) {
            assertTrue(server.address().getAddress().isLoopbackAddress());
        }
    }

    @Test
    void withoutArgumentsTheFilesLieInTheExamplesOwnFolder() throws Exception {
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
