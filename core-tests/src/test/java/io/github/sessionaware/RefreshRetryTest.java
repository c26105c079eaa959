package io.github.sessionaware;

import static io.github.sessionaware.SessionListener.Novelty.DEVICE;
import static io.github.sessionaware.SessionListener.Novelty.NETWORK;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A used refresh token comes again within the grace window: listeners hear of it, and it may be refused. */
class RefreshRetryTest {
    private static final ClientInfo OWNER = client("Firefox 140 on Linux", "192.0.2.7");
    private static final ClientInfo THIEF = client("curl", "203.0.113.9");

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final List<String> events = new ArrayList<>();
    private final SessionAwareTokenService service = refusing();
    private final IssuedTokens r1 = service.issue("alice", OWNER);
    private final IssuedTokens r2 = service.refresh(r1.refreshToken(), OWNER);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "Firefox 140 on Linux | 192.0.2.7   | []",
                "Firefox 141 on Linux | 192.0.2.99  | []",
                "null                 | null        | [DEVICE, NETWORK]",
                "curl                 | null        | [DEVICE, NETWORK]",
                "null                 | 203.0.113.9 | [DEVICE, NETWORK]",
                "Firefox 140 on Linux | 192.0.3.7   | [NETWORK]",
                "curl                 | 192.0.2.7   | [DEVICE]",
                "curl                 | 203.0.113.9 | [DEVICE, NETWORK]"
            })
    void aRetryIsReportedWithWhatDiffersFromTheClientThatUsedTheToken(String device, String address, String expected) {
        store.reset();

        IssuedTokens again = service.refresh(r1.refreshToken(), client(device, address));

        assertEquals(List.of("retried by " + device + " " + expected), events);
        assertEquals(r2.refreshToken(), again.refreshToken());
        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
        assertEquals(OWNER, service.listSessions("alice").get(0).client(), "A retry changes nothing");
    }

    @Test
    void aRetryIsComparedWithTheClientOfTheLastRefreshAndNotOfTheLogin() {
        IssuedTokens r3 = service.refresh(r2.refreshToken(), THIEF);

        assertEquals(
                r3.refreshToken(), service.refresh(r2.refreshToken(), THIEF).refreshToken());
        service.refresh(r2.refreshToken(), OWNER);

        assertEquals(List.of("retried by curl []", "retried by Firefox 140 on Linux [DEVICE, NETWORK]"), events);
    }

    @Test
    void nothingDiffersFromAnUnknownClient() {
        IssuedTokens login = service.issue("bob", ClientInfo.unknown());
        service.refresh(login.refreshToken(), ClientInfo.unknown());

        refusing(DEVICE, NETWORK).refresh(login.refreshToken(), THIEF);

        assertEquals(List.of("retried by curl []"), events);
    }

    @Test
    void aRefusedRetryIsReportedAndTheSessionStays() {
        SessionAwareTokenService strict = refusing(DEVICE, NETWORK);
        store.reset();

        assertRefused(strict, THIEF);

        assertEquals(List.of("refused curl [DEVICE, NETWORK]"), events);
        assertEquals(List.of(1, 0), List.of(store.reads(), store.writes()));
        strict.validate(r2.accessToken());
        assertEquals(r2.refreshToken(), strict.refresh(r1.refreshToken(), OWNER).refreshToken());
        strict.refresh(r2.refreshToken(), THIEF);
    }

    @Test
    void onlyTheGivenDifferencesAreRefused() {
        ClientInfo elsewhere = client("Firefox 140 on Linux", "203.0.113.9");
        ClientInfo otherDevice = client("curl", "192.0.2.7");

        refusing(DEVICE).refresh(r1.refreshToken(), elsewhere);
        assertRefused(refusing(DEVICE), otherDevice);
        refusing(NETWORK).refresh(r1.refreshToken(), otherDevice);
        assertRefused(refusing(NETWORK), elsewhere);

        assertEquals(
                List.of(
                        "retried by Firefox 140 on Linux [NETWORK]",
                        "refused curl [DEVICE]",
                        "retried by curl [DEVICE]",
                        "refused Firefox 140 on Linux [NETWORK]"),
                events);
    }

    /** The setting makes nothing weaker: after the window the token is reused, wherever it comes from. */
    @Test
    void afterTheWindowReuseEndsTheSession() {
        clock.advance(Duration.ofSeconds(10));

        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> refusing(DEVICE).refresh(r1.refreshToken(), THIEF));

        assertEquals(Reason.REFRESH_TOKEN_REUSED, refusal.reason());
        assertEquals(List.of(), events);
        assertEquals(List.of(), service.listSessions("alice"));
    }

    @Test
    void aRetryWhoseTokensCannotBeMadeIsNotReported() {
        SessionAwareTokenService failing = aService()
                .claimsOnRefresh((userId, session) -> Map.of("sub", "root"))
                .build();

        assertThrows(IllegalArgumentException.class, () -> failing.refresh(r1.refreshToken(), OWNER));

        assertEquals(List.of(), events);
    }

    @Test
    void theSettingNeedsRefreshTokensAndItsLastValueCounts() {
        SessionAwareTokenServiceBuilder plain = aServiceOn(store).refuseRetriesFromAnother(DEVICE);

        assertThrows(IllegalStateException.class, plain::build);
        plain.refuseRetriesFromAnother().build();
        assertThrows(NullPointerException.class, () -> plain.refuseRetriesFromAnother((Novelty[]) null));
        assertThrows(NullPointerException.class, () -> plain.refuseRetriesFromAnother(DEVICE, null));
    }

    private void assertRefused(SessionAwareTokenService strict, ClientInfo client) {
        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> strict.refresh(r1.refreshToken(), client));
        assertEquals(Reason.RETRY_FROM_ELSEWHERE, refusal.reason());
    }

    private SessionAwareTokenService refusing(Novelty... differences) {
        return aService().refuseRetriesFromAnother(differences).build();
    }

    private SessionAwareTokenServiceBuilder aService() {
        return aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .listener(new SessionListener() {
                    @Override
                    public void refreshRetried(
                            String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
                        events.add("retried by " + retriedBy.device() + " " + new TreeSet<>(differences));
                    }

                    @Override
                    public void refreshRetryRefused(
                            String userId, Session session, ClientInfo retriedBy, Set<Novelty> differences) {
                        events.add("refused " + retriedBy.device() + " " + new TreeSet<>(differences));
                    }
                });
    }

    private static ClientInfo client(String device, String address) {
        return ClientInfo.builder().device(device).ipAddress(address).build();
    }
}
