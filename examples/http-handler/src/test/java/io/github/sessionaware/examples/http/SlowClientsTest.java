package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.examples.http.ExampleClient.LoggedIn;
import io.github.sessionaware.testing.SlowClients;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that hold a connection with an unfinished request do not keep others out. */
class SlowClientsTest {
    private static final int CLIENTS = 230;
    private static final String FORM = "application/x-www-form-urlencoded";

    /** With fewer threads than slow clients, a request waits several times the limit for slow requests. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ExampleServer server;
    private ExampleClient client;

    @BeforeEach
    void start() throws Exception {
        server = Servers.inMemory();
        client = new ExampleClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void othersLogInAndListTheirDevicesWhile230ClientsTrickleABody() throws Throwable {
        SlowClients.tricklingABody(server.address(), CLIENTS, "/login", FORM).during(this::assertOthersAreServed);
    }

    @Test
    void othersLogInAndListTheirDevicesWhile230ClientsHaveSentOneByte() throws Throwable {
        SlowClients.sendingOneByte(server.address(), CLIENTS).during(this::assertOthersAreServed);
    }

    @Test
    @Tag("thorough")
    void theConnectionOfASlowRequestIsClosed() throws Exception {
        try (SlowClients body = SlowClients.tricklingABody(server.address(), 1, "/login", FORM);
                SlowClients head = SlowClients.sendingOneByte(server.address(), 1)) {
            assertEquals(List.of(""), head.awaitClosed());
            assertEquals(List.of(""), body.awaitClosed());
        }
    }

    private void assertOthersAreServed() {
        HttpResponse<String> login = client.send(client.request("/login")
                .timeout(PATIENCE)
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofString("user=alice&password=alice-demo-password")));
        assertEquals(200, login.statusCode());

        LoggedIn device = LoggedIn.of(login);
        HttpResponse<String> devices = client.send(
                client.request("/devices").timeout(PATIENCE).header("Authorization", "Bearer " + device.token()));
        assertEquals(200, devices.statusCode());
        assertTrue(devices.body().contains(device.deviceId()), devices.body());
    }
}
