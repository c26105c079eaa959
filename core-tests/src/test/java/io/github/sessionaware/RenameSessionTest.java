package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users label their devices. */
class RenameSessionTest {
    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(clock).build();
    private final IssuedTokens login = service.issue("alice", ClientInfo.unknown());
    private final String id = login.session().id();
    private final String token = login.accessToken();

    @Test
    void aLabelIsListedAndCanBeRemoved() {
        assertNull(label());

        assertTrue(service.renameSession("alice", id, "kitchen tablet"));
        assertEquals("kitchen tablet", label());
        assertTrue(service.renameSession("alice", id, "kitchen tablet"));
        assertTrue(service.renameSession("alice", id, null));
        assertNull(label());
    }

    @ParameterizedTest
    @CsvSource({
        "' kitchen\ttablet ', kitchen tablet",
        "'a\nb', a b",
        "\u202etxt.exe, txt.exe",
        "a\ud83d, a\ufffd",
        "\u3164a, \u3164a",
        "\u26a0\ufe0f, \u26a0\ufe0f"
    })
    void aLabelIsCleanedLikeAllTextFromClients(String given, String shown) {
        service.renameSession("alice", id, given);

        assertEquals(shown, label());
    }

    @Test
    void aLabelHasAtMost64CodePoints() {
        String longest = "\ud83d\ude00".repeat(64);
        assertTrue(service.renameSession("alice", id, longest + " "));
        assertEquals(longest, label());

        for (String refused : new String[] {longest + "x", "x".repeat(65), "x".repeat(1 << 20)}) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> service.renameSession("alice", id, refused));
            assertTrue(refusal.getMessage().startsWith("label must have 1 to 64 code points"), refusal.getMessage());
        }
        assertEquals(longest, label());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n\t",
                "\u202e",
                "\u3164",
                "\u2800\u2800",
                "\u115f\u1160",
                "\uffa0",
                "\u034f",
                "\ufe0f",
                "\u0301",
                "\u20e3",
                "\u17b4",
                "\u180b",
                "\udb40\udd00",
                "\ud834\udd59",
                "\ud80d\udc41",
                "\u3164 \u2800\u200d"
            })
    void anInvisibleLabelIsRefusedWithoutAStoreCall(String empty) {
        store.reset();

        assertThrows(IllegalArgumentException.class, () -> service.renameSession("alice", id, empty));

        assertEquals(0, store.calls());
    }

    @Test
    void onlyTheOwnerLabelsALiveSession() {
        assertFalse(service.renameSession("mallory", id, "mine"));
        assertFalse(service.renameSession("alice", "A".repeat(22), "none"));
        assertFalse(service.renameSession("alice", "nonsense", "none"));
        assertFalse(service.renameSession("alice", null, "none"));
        clock.advance(Duration.ofDays(14));
        assertFalse(service.renameSession("alice", id, "too late"));
        clock.set(START);

        assertNull(label());
    }

    @Test
    void aRequestLabelsTheDevicesOfItsOwnUserOnly() {
        AuthenticatedSession current = service.validate(token);
        IssuedTokens phone = service.issue("alice", ClientInfo.unknown());
        IssuedTokens bobs = service.issue("bob", ClientInfo.unknown());

        assertTrue(service.rename(current, phone.session().id(), "phone"));
        assertTrue(service.rename(current, current.sessionId(), "kitchen tablet"));
        for (String other : new String[] {bobs.session().id(), "A".repeat(22), "nonsense", "", null}) {
            assertFalse(service.rename(current, other, "mine"));
        }
        assertThrows(IllegalArgumentException.class, () -> service.rename(current, current.sessionId(), " "));

        assertEquals(
                Map.of(current.sessionId(), "kitchen tablet", phone.session().id(), "phone"),
                service.listSessions(current).stream().collect(Collectors.toMap(Session::id, Session::label)));
        assertNull(service.listSessions("bob").get(0).label());
        assertEquals(
                "current",
                assertThrows(NullPointerException.class, () -> service.rename(null, null, null))
                        .getMessage());
    }

    @Test
    void renamingCostsOneReadAndOneWrite() {
        AuthenticatedSession current = service.validate(token);
        store.reset();

        service.rename(current, current.sessionId(), "kitchen tablet");

        assertEquals(List.of(1, 1), List.of(store.reads(), store.writes()));
    }

    @Test
    void aNewLabelRaisesTheVersionAndChangesNothingElse() {
        SessionRecord before = store.list("alice").get(0);

        service.renameSession("alice", id, "kitchen tablet");

        assertEquals(
                List.of(before.toBuilder()
                        .label("kitchen tablet")
                        .version(before.version() + 1)
                        .build()),
                store.list("alice"));
    }

    @Test
    void aNewLabelDoesNotCountAsActivity() {
        clock.advance(Duration.ofMinutes(5));

        service.renameSession("alice", id, "kitchen tablet");

        assertEquals(START, service.listSessions("alice").get(0).lastActiveAt());
    }

    private String label() {
        return service.listSessions("alice").get(0).label();
    }
}
