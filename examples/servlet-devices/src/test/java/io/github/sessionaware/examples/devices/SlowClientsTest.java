package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.SlowClients;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that hold a connection with an unfinished request do not keep others out. */
class SlowClientsTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    /** Twice as many as the server has threads, and then some. */
    private static final int CLIENTS = 500;

    /** If each slow client held a thread, a request would wait twice the limit for slow requests. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @RegisterExtension
    final TestServer server = new TestServer();

    @ParameterizedTest
    @CsvSource({"/sign-in, " + FORM, "/api/login, application/json"})
    void othersSignInAndListTheirDevicesWhile500ClientsTrickleABody(String path, String type) throws Throwable {
        SlowClients.tricklingABody(address(), CLIENTS, path, type).during(this::assertOthersAreServed);
    }

    @Test
    void othersSignInAndListTheirDevicesWhile500ClientsHaveSentOneByte() throws Throwable {
        SlowClients.sendingOneByte(address(), CLIENTS).during(this::assertOthersAreServed);
    }

    @Test
    @Tag("thorough")
    void aSlowBodyIsAnsweredWith408AndAConnectionThatStopsIsClosed() throws Exception {
        try (SlowClients form = SlowClients.tricklingABody(address(), 1, "/sign-in", FORM);
                SlowClients json = SlowClients.tricklingABody(address(), 1, "/api/login", "application/json");
                SlowClients head = SlowClients.sendingOneByte(address(), 1)) {
            assertStatus(408, form.awaitClosed().get(0));
            assertStatus(408, json.awaitClosed().get(0));
            assertEquals(1, head.awaitClosed().size());
        }
    }

    private static void assertStatus(int status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }

    private void assertOthersAreServed() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        assertEquals(200, send(client, to("/sign-in").GET()).statusCode());

        HttpResponse<String> signIn = send(
                client,
                to("/sign-in")
                        .header("Content-Type", FORM)
                        .POST(BodyPublishers.ofString("user=alice&password=" + Users.DEMO.get("alice"))));
        assertEquals(303, signIn.statusCode());

        String cookie = signIn.headers().allValues("Set-Cookie").get(0).split(";", 2)[0];
        HttpResponse<String> devices =
                send(client, to("/devices").header("Cookie", cookie).GET());
        assertEquals(200, devices.statusCode());
        assertTrue(devices.body().contains("This device"), devices.body());
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }
}
