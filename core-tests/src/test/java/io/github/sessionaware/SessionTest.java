package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an application sees of a session, and may send to the user's browser. */
class SessionTest {
    private static final ClientInfo CLIENT =
            new ClientInfo("Firefox on Linux", "Mozilla/5.0", "192.0.2.7", "Berlin, DE");

    private final ReferenceStore store = new ReferenceStore();
    private final SessionAwareTokenService service = aServiceOn(store)
            .clock(new FakeClock(START))
            .refreshTokens(TestService.refreshSecret())
            .build();
    private final IssuedTokens login = service.issue(
            "alice",
            CLIENT,
            LoginOptions.defaults()
                    .withCategory("api")
                    .withAttributes(Map.of("tenant", "blue"))
                    .withAuthenticationMethods("pwd", "otp")
                    .withTimeouts(SessionTimeouts.NIST_AAL2));
    private final ObjectMapper json = new ObjectMapper().addMixIn(Instant.class, AsText.class);

    /** Jackson without modules refuses the times of the JDK. */
    private interface AsText {
        @JsonValue
        @Override
        String toString();
    }

    /** The service's version, its hashes, its timeouts and the user id concern no browser. */
    @Test
    void theJsonOfAListHasTheseMembersAndNoOthers() throws Exception {
        service.issue("alice", CLIENT);

        JsonNode list =
                json.readTree(json.writeValueAsString(service.listSessions(service.validate(login.accessToken()))));

        assertEquals(2, list.size());
        for (JsonNode session : list) {
            assertEquals(
                    List.of(
                            "id",
                            "category",
                            "client",
                            "label",
                            "attributes",
                            "createdAt",
                            "lastActiveAt",
                            "expiresAt",
                            "authentication",
                            "deviceBound",
                            "current"),
                    namesOf(session));
            assertEquals(List.of("device", "userAgent", "ipAddress", "location"), namesOf(session.get("client")));
            assertEquals(List.of("time", "methods"), namesOf(session.get("authentication")));
        }
    }

    @Test
    void theJsonOfASessionHasItsValues() throws Exception {
        service.renameSession("alice", login.session().id(), "kitchen tablet");

        JsonNode session = json.readTree(
                        json.writeValueAsString(service.listSessions(service.validate(login.accessToken()))))
                .get(0);

        assertEquals("""
                {"id":"%s","category":"api",\
                "client":{"device":"Firefox on Linux","userAgent":"Mozilla/5.0","ipAddress":"192.0.2.7",\
                "location":"Berlin, DE"},\
                "label":"kitchen tablet","attributes":{"tenant":"blue"},\
                "createdAt":"2026-03-01T10:00:00Z","lastActiveAt":"2026-03-01T10:00:00Z",\
                "expiresAt":"2026-03-01T11:00:00Z",\
                "authentication":{"time":"2026-03-01T10:00:00Z","methods":["pwd","otp"]},"deviceBound":false,"current":true}""".formatted(login.session().id()), session.toString());
    }

    @Test
    void noTextOfASessionShowsTheAttributes() {
        for (Object shown : List.of(login, login.session(), service.validate(login.accessToken()))) {
            assertFalse(shown.toString().contains("blue"), shown.toString());
        }
    }

    @Test
    void noJsonOfAPublicTypeShowsASecretOrTheRefreshState() throws Exception {
        AuthenticatedSession current = service.validate(login.accessToken());
        String refreshState = store.list("alice").get(0).refreshState();
        for (Object shown : List.of(
                login, current, login.session(), store.list("alice"), SigningKey.hmac256(TestService.secret()))) {
            String text = shownAsJson(shown);
            for (String hidden : List.of(
                    login.accessToken(),
                    login.accessToken().substring(login.accessToken().lastIndexOf('.') + 1),
                    login.refreshToken(),
                    refreshState)) {
                assertFalse(text.contains(hidden), text);
            }
        }
    }

    /** A type without properties is refused. */
    private String shownAsJson(Object shown) {
        try {
            return json.writeValueAsString(shown);
        } catch (JsonProcessingException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void onlyTheLabelMayBeNull() {
        Session shown = login.session();
        assertEquals(shown, with(shown, 10, null));

        for (int part = 0; part < 8; part++) {
            int without = part;
            assertThrows(NullPointerException.class, () -> with(shown, without, null), "part " + part);
        }
    }

    @Test
    void attributesAreCopied() {
        Map<String, String> attributes = new HashMap<>(Map.of("tenant", "blue"));
        Session shown = login.session();
        Session copy = new Session(
                shown.id(),
                shown.category(),
                shown.client(),
                null,
                attributes,
                shown.createdAt(),
                shown.lastActiveAt(),
                shown.expiresAt(),
                shown.authentication(),
                false,
                true);

        attributes.put("tenant", "red");

        assertEquals(Map.of("tenant", "blue"), copy.attributes());
        assertThrows(
                UnsupportedOperationException.class, () -> copy.attributes().clear());
    }

    @Test
    void theSessionOfARequestAndOfALoginIsCurrentAndThoseByUserIdAreNot() {
        AuthenticatedSession current = service.validate(login.accessToken());

        assertTrue(login.session().current());
        assertTrue(current.session().current());
        assertTrue(service.refresh(login.refreshToken(), CLIENT).session().current());
        assertTrue(service.reauthenticate(current).session().current());
        assertEquals(
                List.of(false),
                service.listSessions("alice").stream().map(Session::current).toList());
    }

    private static Session with(Session session, int part, Object value) {
        List<Object> parts = new ArrayList<>(Stream.of(
                        session.id(),
                        session.category(),
                        session.client(),
                        session.attributes(),
                        session.createdAt(),
                        session.lastActiveAt(),
                        session.expiresAt(),
                        session.authentication())
                .toList());
        if (part < parts.size()) {
            parts.set(part, value);
        }
        @SuppressWarnings("unchecked")
        Map<String, String> attributes = (Map<String, String>) parts.get(3);
        return new Session(
                (String) parts.get(0),
                (String) parts.get(1),
                (ClientInfo) parts.get(2),
                session.label(),
                attributes,
                (Instant) parts.get(4),
                (Instant) parts.get(5),
                (Instant) parts.get(6),
                (Authentication) parts.get(7),
                session.deviceBound(),
                session.current());
    }

    private static List<String> namesOf(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
