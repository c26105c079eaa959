package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A member of staff looks at a user's account ("Categories, and logins as another user" in docs/guide.md). */
class SupportLoginTest {
    private static final ClientInfo HOME = ClientInfo.builder()
            .device("Firefox on Linux")
            .ipAddress("203.0.113.1")
            .build();
    private static final ClientInfo STAFF = ClientInfo.builder()
            .device("Edge on Windows")
            .ipAddress("198.51.100.7")
            .build();
    private static final LoginOptions SUPPORT = LoginOptions.defaults()
            .withCategory("support")
            .withTimeouts(new SessionTimeouts(Duration.ofMinutes(15), Duration.ofHours(1)))
            .withAttributes(Map.of("actor", "staff-7"))
            .withClaims(Map.of("act", Map.of("sub", "staff-7")));

    private final FakeClock clock = new FakeClock(START);
    private final List<String> alarms = new ArrayList<>();
    private final SessionAwareTokenService tokens = aServiceOn(new ReferenceStore())
            .clock(clock)
            .refreshTokens(TestService.refreshSecret())
            .claimsOnRefresh((userId, session) -> {
                String actor = session.attributes().get("actor");
                return actor == null ? Map.of() : Map.of("act", Map.of("sub", actor));
            })
            .sessionLimit((userId, category) -> category.equals("device")
                    ? new SessionLimit(3, SessionLimit.AtLimit.END_OLDEST)
                    : SessionLimit.unlimited())
            .listener(new SessionListener() {
                @Override
                public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
                    novelties.forEach(novelty -> alarms.add(session.category() + " " + novelty));
                }

                @Override
                public void sessionEnded(String userId, Session session, EndCause cause) {
                    alarms.add(session.category() + " ended: " + cause);
                }
            })
            .build();

    @Test
    void supportNeitherPushesOutTheUsersDevicesNorAlarmsTheUser() {
        Set<String> devices = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            devices.add(tokens.issue("alice", HOME).session().id());
        }

        for (int i = 0; i < 5; i++) {
            tokens.issue("alice", STAFF, SUPPORT);
        }

        assertEquals(List.of(), alarms);
        List<Session> listed = tokens.listSessions("alice");
        assertEquals(8, listed.size(), "the user sees the logins of support");
        assertEquals(
                devices,
                listed.stream()
                        .filter(session -> session.category().equals("device"))
                        .map(Session::id)
                        .collect(Collectors.toSet()));
    }

    @Test
    void aDeviceOfTheUserDoesNotPushOutSupportAndIsStillCompared() {
        tokens.issue("alice", HOME);
        IssuedTokens support = tokens.issue("alice", STAFF, SUPPORT);
        for (int i = 0; i < 4; i++) {
            tokens.issue("alice", HOME);
        }
        alarms.clear();

        tokens.issue("alice", STAFF);

        assertEquals(List.of("device ended: SESSION_LIMIT", "device DEVICE", "device NETWORK"), alarms);
        assertEquals("support", tokens.validate(support.accessToken()).session().category());
    }

    @Test
    void everyTokenOfASupportSessionNamesTheActor() {
        IssuedTokens issued = tokens.issue("alice", STAFF, SUPPORT);
        IssuedTokens refreshed = tokens.refresh(issued.refreshToken(), STAFF);
        IssuedTokens ofTheUser = tokens.issue("alice", ClientInfo.unknown());

        for (IssuedTokens each : List.of(issued, refreshed)) {
            AuthenticatedSession current = tokens.validate(each.accessToken());
            assertEquals(Map.of("sub", "staff-7"), current.claims().get("act"));
            assertEquals("alice", current.userId());
        }
        assertEquals(Optional.empty(), tokens.validate(ofTheUser.accessToken()).claim("act", Map.class));
    }

    @Test
    void supportEndsWithItsShortTimeoutsAndWithTheUsersSessions() {
        IssuedTokens idle = tokens.issue("alice", STAFF, SUPPORT);
        clock.advance(Duration.ofMinutes(15));
        assertEquals(Reason.SESSION_EXPIRED, reasonOf(idle));

        IssuedTokens again = tokens.issue("alice", STAFF, SUPPORT);
        tokens.revokeAllSessions("alice");
        assertEquals(Reason.SESSION_ENDED, reasonOf(again));
    }

    private Reason reasonOf(IssuedTokens issued) {
        return assertThrows(InvalidTokenException.class, () -> tokens.refresh(issued.refreshToken(), STAFF))
                .reason();
    }
}
