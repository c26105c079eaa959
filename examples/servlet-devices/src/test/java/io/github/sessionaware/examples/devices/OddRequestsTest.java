package io.github.sessionaware.examples.devices;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client library sends, written byte by byte. */
class OddRequestsTest {
    private static final Pattern COOKIE = Pattern.compile("Set-Cookie: ([^;]+);");

    @RegisterExtension
    static final TestServer server = new TestServer();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /devices/%00/sign-out HTTP/1.1",
                "GET //devices HTTP/1.1",
                "GET /devices/..;/ HTTP/1.1",
                "GET /%2e%2e/devices HTTP/1.1",
                "GET /devices;jsessionid=1 HTTP/1.1",
                "GET /DEVICES HTTP/1.1",
                "GET /devices/ HTTP/1.1",
                "GET /api/sessions/%2F HTTP/1.1",
                "GET /static/../page.css HTTP/1.1",
                "POST /devices/../rename HTTP/1.1\r\nOrigin: http://localhost",
                "TRACE / HTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "get / HTTP/1.1",
                "POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: x",
                "GET / HTTP/9.9",
                "GET /devices\u0000 HTTP/1.1",
                "\u0000\u0001\u0002"
            })
    void anOddRequestIsRefusedWithoutInternalDetails(String request) throws IOException {
        String answer = send(request, "");

        assertTrue(answer.isEmpty() || !answer.startsWith("HTTP/1.1 2"), answer);
        assertTrue(!answer.contains("<html") || answer.contains("/static/page.css"), answer);
        assertFalse(
                Pattern.compile("Exception|\\tat |jetty|org\\.|java\\.", Pattern.CASE_INSENSITIVE)
                        .matcher(answer)
                        .find(),
                answer);
    }

    /** A site that names this computer in its own domain could otherwise read the answers, and try passwords. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1", "evil.localhost", ""})
    void aRequestForAnotherHostIsAnsweredWith404(String host) throws IOException {
        String login = "{\"user\":\"alice\",\"password\":\"" + Users.DEMO.get("alice") + "\"}";
        String type = "Content-Type: application/json\r\nContent-Length: " + login.length() + "\r\n";
        String other = host + ":" + server.port();

        assertTrue(send("POST /api/login HTTP/1.1", "localhost:" + server.port(), type, login)
                .startsWith("HTTP/1.1 200 "));
        for (String request : List.of("POST /api/login", "GET /sign-in", "GET /static/page.css")) {
            String answer = send(request + " HTTP/1.1", other, type, login);
            assertTrue(answer.startsWith(host.isEmpty() ? "HTTP/1.1 400 " : "HTTP/1.1 404 "), answer);
            assertFalse(answer.contains("Set-Cookie"), answer);
        }
    }

    @Test
    void everyUserAgentCanSignInAndIsShownAsText() throws IOException {
        for (String userAgent : new String[] {
            "<script>alert(1)</script>" + "x".repeat(64 * 1024), "\u00ed\u00a0\u0080 lone", "\u00ff\u00fe", "\t", ""
        }) {
            String body = "user=alice&password=" + Users.DEMO.get("alice");
            String login = send(
                    "POST /sign-in HTTP/1.1",
                    "User-Agent: " + userAgent
                            + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length()
                            + "\r\n",
                    body);
            assertTrue(login.startsWith("HTTP/1.1 303"), login);
            Matcher cookie = COOKIE.matcher(login);
            assertTrue(cookie.find());

            String page = send("GET /devices HTTP/1.1", "Cookie: " + cookie.group(1) + "\r\n");
            assertTrue(page.startsWith("HTTP/1.1 200"), page);
            assertFalse(page.contains("<script>alert"));
        }
    }

    @Test
    void aUserAgentWithNulIsAnsweredWith400() throws IOException {
        assertEquals(
                "HTTP/1.1 400",
                send("GET /sign-in HTTP/1.1", "User-Agent: a\0b\r\n").substring(0, 12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "\"", "utf-7", "utf-16"})
    void aFormInAnotherCharacterSetIsRefused(String charset) throws IOException {
        String answer = send(
                "POST /sign-in HTTP/1.1",
                "Content-Type: application/x-www-form-urlencoded; charset=" + charset + "\r\nContent-Length: 8\r\n",
                "user=bob");

        assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
    }

    @Test
    void aFormBeyondTheLimitsIsRefusedWith400AndAnyOtherBodyWith413() throws IOException {
        String large = "x".repeat(BodyFirst.MAX_BYTES + 1);
        String manyNames =
                IntStream.rangeClosed(1, 21).mapToObj(i -> "name" + i + "=").collect(Collectors.joining("&"));
        String form = "application/x-www-form-urlencoded";

        assertEquals("HTTP/1.1 400", post("/sign-in", form, large).substring(0, 12));
        assertEquals("HTTP/1.1 400", post("/sign-in", form, manyNames).substring(0, 12));
        assertEquals(
                "HTTP/1.1 413", post("/api/login", "application/json", large).substring(0, 12));
    }

    private String post(String path, String type, String body) throws IOException {
        return send(
                "POST " + path + " HTTP/1.1",
                "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n",
                body);
    }

    @Test
    void headersOfMoreThan80KibAreRefusedWith431() throws IOException {
        String answer = send("GET /sign-in HTTP/1.1", "User-Agent: " + "x".repeat(80 * 1024) + "\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
    }

    @Test
    void aBinaryBodyIsRefusedLikeAnyInvalidBody() throws IOException {
        String answer = send(
                "POST /api/login HTTP/1.1",
                "Content-Type: application/json\r\nContent-Length: 8\r\n",
                "\0\0\u00fe\u00ff\u00ff\u00ff\u00ff\u00ff");

        assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
        assertTrue(answer.contains("invalid_body"), answer);
    }

    private String send(String requestLine, String headers) throws IOException {
        return send(requestLine, headers, "");
    }

    private String send(String requestLine, String headers, String body) throws IOException {
        return send(requestLine, "localhost", headers, body);
    }

    private String send(String requestLine, String host, String headers, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write((requestLine + "\r\nHost: " + host + "\r\nConnection: close\r\n" + headers + "\r\n" + body)
                            .getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
