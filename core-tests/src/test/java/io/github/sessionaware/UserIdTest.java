package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UserIdTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();
    private static final String EMOJI = "\ud83d\ude00";
    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAAAA";

    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service = aServiceOn(store).build();

    static String[] refused() {
        return new String[] {
            null,
            "",
            " ",
            "\u2003\t",
            "x".repeat(256),
            EMOJI.repeat(256),
            "x".repeat(20 << 20),
            "a\0",
            "a\nb",
            "\u001b[31m",
            "a\u007f",
            "a\u0085",
            "\ud83d",
            "\ude00",
            "a\ud83db",
            "\ude00\ud83d"
        };
    }

    @ParameterizedTest
    @MethodSource("refused")
    void everyMethodRefusesABadUserIdWithoutAStoreCall(String userId) {
        Map<String, Consumer<String>> methods = new LinkedHashMap<>();
        methods.put("issue", user -> service.issue(user, CLIENT));
        methods.put(
                "issue with claims",
                user -> service.issue(user, CLIENT, LoginOptions.defaults().withClaims(Map.of("role", "admin"))));
        methods.put("renameSession", user -> service.renameSession(user, ID, "kitchen tablet"));
        methods.put("listSessions", service::listSessions);
        methods.put("revokeSession", user -> service.revokeSession(user, ID));
        methods.put("revokeSession of nothing", user -> service.revokeSession(user, null));
        methods.put("revokeOtherSessions", user -> service.revokeOtherSessions(user, ID));
        methods.put("revokeAllSessions", service::revokeAllSessions);
        methods.put(
                "revokeSessionsCreatedBefore",
                user -> service.revokeSessionsCreatedBefore(user, Instant.EPOCH, EndCause.PASSWORD_CHANGED));
        methods.put("revokeOtherSessions of a malformed id", user -> service.revokeOtherSessions(user, "nonsense"));
        methods.put("SessionRecord", user -> SessionRecord.builder(user, ID));

        methods.forEach((name, method) -> {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> method.accept(userId), name);
            assertTrue(refusal.getMessage().startsWith("userId must not "), name);
        });
        assertEquals(0, store.calls());
    }

    @Test
    void anIdentityIsNeverCutOrFolded() {
        List<String> users = List.of(
                "x".repeat(255),
                EMOJI.repeat(255),
                "x".repeat(254) + EMOJI,
                "x".repeat(254),
                "bob",
                "Bob",
                "bob ",
                " bob",
                "b\u03bfb",
                "caf\u00e9",
                "cafe\u0301",
                "\u00df",
                "ss",
                "\u0130",
                "'; drop table jwt_sessions; --",
                "{\"sub\":\"alice\"}",
                "a\u2028b",
                "\ufffd",
                "\u200bbob");
        for (String user : users) {
            assertEquals(
                    user,
                    service.validate(service.issue(user, CLIENT).accessToken()).userId());
        }

        for (String user : users) {
            assertEquals(
                    List.of(user),
                    store.list(user).stream().map(SessionRecord::userId).toList());
            assertEquals(1, service.listSessions(user).size());
            assertEquals(1, service.revokeAllSessions(user));
        }
    }

    /** An e-mail address, for instance, that a provider has given to another person. */
    @Test
    void aSecondOwnerOfAnIdInheritsSessionsUnlessTheRegistrationEndsThem() {
        FakeClock clock = new FakeClock(START);
        SessionAwareTokenService tokens = aServiceOn(store)
                .clock(clock)
                .accessTokenLifetime(Duration.ofDays(2))
                .build();
        String formerPhone = tokens.issue("a@mail.example", CLIENT).accessToken();
        clock.advance(Duration.ofDays(1));
        Instant registeredAt = clock.instant();
        assertEquals("a@mail.example", tokens.validate(formerPhone).userId(), "inherited");

        assertEquals(1, tokens.revokeSessionsCreatedBefore("a@mail.example", registeredAt));
        String newPhone = tokens.issue("a@mail.example", CLIENT).accessToken();
        assertEquals(0, tokens.revokeSessionsCreatedBefore("a@mail.example", registeredAt), "may be repeated");

        assertThrows(InvalidTokenException.class, () -> tokens.validate(formerPhone));
        assertEquals("a@mail.example", tokens.validate(newPhone).userId());
    }
}
