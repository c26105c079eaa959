package io.github.sessionaware.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.auth0.jwt.JWT;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySetTest {
    @TempDir
    Path data;

    @Test
    void anyoneGetsThePublicKeyAndMayCacheItForFiveMinutes() throws Exception {
        try (ExampleServer server = Servers.inMemory()) {
            ExampleClient client = new ExampleClient(server);

            HttpResponse<String> answer = client.send("GET", "/.well-known/jwks.json");

            assertEquals(200, answer.statusCode());
            assertEquals(
                    "application/jwk-set+json",
                    answer.headers().firstValue("Content-Type").orElseThrow());
            assertEquals(
                    "public, max-age=300",
                    answer.headers().firstValue("Cache-Control").orElseThrow());
            JsonNode key = new JsonMapper().readTree(answer.body()).get("keys").get(0);
            assertEquals(
                    JWT.decode(client.logIn("alice", "JUnit").token()).getKeyId(),
                    key.get("kid").asText());
            assertEquals("ES256", key.get("alg").asText());
            assertFalse(key.has("d"));
        }
    }

    @Test
    void aRestartKeepsTheKey() throws Exception {
        assertEquals(keySet(), keySet());
    }

    private String keySet() throws Exception {
        try (ExampleServer server = Servers.onFiles(data)) {
            return new ExampleClient(server)
                    .send("GET", "/.well-known/jwks.json")
                    .body();
        }
    }
}
