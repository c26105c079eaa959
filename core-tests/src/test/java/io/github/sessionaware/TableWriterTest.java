package io.github.sessionaware;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a party can and cannot do that writes to the table ("Who can write to the table" in docs/databases.md). */
class TableWriterTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore table = new ReferenceStore();
    private final SessionAwareTokenService tokens = aServiceOn(table)
            .clock(clock)
            .accessTokenLifetime(Duration.ofDays(1))
            .idleTimeout(Duration.ofDays(10))
            .absoluteTimeout(Duration.ofDays(10))
            .refreshTokens(TestService.refreshSecret())
            .claimsOnRefresh((userId, session) -> Map.copyOf(session.attributes()))
            .build();
    private final IssuedTokens issued = tokens.issue("alice", CLIENT);

    @Test
    void canPutARevokedSessionBack() {
        SessionRecord row = row();
        tokens.revokeAllSessions("alice");

        table.create(row, unconditional());

        assertEquals("alice", tokens.validate(issued.accessToken()).userId());
        tokens.refresh(issued.refreshToken(), CLIENT);
    }

    @Test
    void canReviveTheTokensFromBeforeAStepUp() {
        SessionRecord before = row();
        tokens.reauthenticate(tokens.validate(issued.accessToken()));

        change(row -> before.toBuilder().version(row.version() + 1).build());

        assertEquals("alice", tokens.validate(issued.accessToken()).userId());
    }

    @Test
    void canForgeTheAuthentication() {
        clock.advance(Duration.ofHours(1));

        change(row -> row.toBuilder()
                .authentication(new Authentication(clock.instant(), List.of("hwk")))
                .build());

        AuthenticatedSession current = tokens.validate(issued.accessToken());
        current.requireAuthenticatedWithin(Duration.ZERO);
        assertEquals(List.of("hwk"), current.session().authentication().methods());
    }

    @Test
    void canForgeClaimsThatAreComputedFromAttributes() {
        change(row -> row.toBuilder().attributes(Map.of("role", "admin")).build());

        IssuedTokens next = tokens.refresh(issued.refreshToken(), CLIENT);

        assertEquals(
                "admin",
                tokens.validate(next.accessToken()).claim("role", String.class).orElseThrow());
    }

    @Test
    void cannotGiveASessionToAnotherUser() {
        SessionRecord row = row();
        table.create(
                SessionRecord.builder("bob", row.id())
                        .createdAt(row.createdAt())
                        .lastActiveAt(row.lastActiveAt())
                        .expiresAt(row.expiresAt())
                        .authentication(row.authentication())
                        .refreshState(row.refreshState())
                        .build(),
                unconditional());
        String ofBob = tokens.issue("bob", CLIENT).refreshToken();
        String renamed = ofBob.substring(0, ofBob.indexOf('~'))
                + issued.refreshToken().substring(issued.refreshToken().indexOf('~'));

        assertEquals("alice", tokens.validate(issued.accessToken()).userId());
        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, () -> tokens.refresh(renamed, CLIENT));
        tokens.revokeAllSessions("alice");
        assertRefused(Reason.SESSION_ENDED, () -> tokens.validate(issued.accessToken()));
    }

    @Test
    void cannotMakeARefreshTokenFitAnotherSession() {
        String stateOfAlice = row().refreshState();
        IssuedTokens bob = tokens.issue("bob", CLIENT);
        SessionRecord rowOfBob = table.find("bob", bob.session().id()).orElseThrow();

        table.replace(rowOfBob, rowOfBob.next().refreshState(stateOfAlice).build());

        assertRefused(Reason.UNKNOWN_REFRESH_TOKEN, () -> tokens.refresh(bob.refreshToken(), CLIENT));
    }

    @Test
    void cannotLengthenTheTimeoutsBeyondThoseOfTheService() {
        change(row -> row.toBuilder()
                .timeouts(new SessionTimeouts(Duration.ofDays(1000), Duration.ofDays(1000)))
                .expiresAt(START.plus(Duration.ofDays(1000)))
                .build());
        clock.advance(Duration.ofDays(10));

        assertRefused(Reason.SESSION_EXPIRED, () -> tokens.refresh(issued.refreshToken(), CLIENT));
    }

    /** The time of the rotation is part of the hash, so with another time the token counts as reused. */
    @Test
    void cannotLengthenTheGraceWindow() {
        tokens.refresh(issued.refreshToken(), CLIENT);
        clock.advance(Duration.ofHours(1));

        change(row -> {
            String state = row.refreshState();
            return row.toBuilder()
                    .refreshState(state.substring(0, state.lastIndexOf('.') + 1)
                            + clock.instant().toEpochMilli())
                    .build();
        });

        assertRefused(Reason.REFRESH_TOKEN_REUSED, () -> tokens.refresh(issued.refreshToken(), CLIENT));
    }

    private SessionRecord row() {
        return table.find("alice", issued.session().id()).orElseThrow();
    }

    private void change(UnaryOperator<SessionRecord> update) {
        SessionRecord row = row();
        assertTrue(table.replace(row, update.apply(row)));
    }

    private static void assertRefused(Reason reason, Executable call) {
        assertEquals(reason, assertThrows(InvalidTokenException.class, call).reason());
    }
}
