package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the table in docs/defaults.md with what a service without settings does. */
class ReadmeDefaultsTest {
    private static final Map<String, String> TABLE = readTable();

    private final FakeClock clock = new FakeClock(START);
    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(clock).build();
    private final IssuedTokens issued = service.issue("alice", ClientInfo.unknown());

    @Test
    void theAccessTokenLifetimeIsTheDocumentedOne() {
        assertEquals(START.plus(duration("accessTokenLifetime")), issued.accessTokenExpiresAt());
    }

    @Test
    void theIdleTimeoutIsTheDocumentedOne() {
        assertEquals(START.plus(duration("idleTimeout")), issued.session().expiresAt());
    }

    @Test
    void theAbsoluteTimeoutIsTheDocumentedOne() {
        SessionAwareTokenService longTokens = aServiceOn(store)
                .clock(clock)
                .accessTokenLifetime(duration("absoluteTimeout"))
                .build();
        String token = longTokens.issue("bob", ClientInfo.unknown()).accessToken();
        clock.advance(Duration.ofDays(13));
        longTokens.validate(token);
        clock.advance(Duration.ofDays(13));

        assertEquals(
                START.plus(duration("absoluteTimeout")),
                longTokens.validate(token).session().expiresAt());
    }

    @Test
    void theActivityIntervalIsTheDocumentedOne() {
        store.reset();
        clock.advance(duration("activityInterval").minusMillis(1));
        service.validate(issued.accessToken());
        assertEquals(0, store.writes());

        clock.advance(Duration.ofMillis(1));
        service.validate(issued.accessToken());
        assertEquals(1, store.writes());
    }

    @Test
    void theMaxStalenessIsTheDocumentedOne() {
        store.reset();
        service.validate(issued.accessToken());
        service.validate(issued.accessToken());

        assertEquals(Duration.ZERO, duration("maxStaleness"));
        assertEquals(2, store.reads());
    }

    @Test
    void theLeewayIsTheDocumentedOne() {
        clock.set(issued.accessTokenExpiresAt().plus(duration("leeway")).minusMillis(1));
        service.validate(issued.accessToken());
        clock.advance(Duration.ofMillis(1));

        InvalidTokenException refusal =
                assertThrows(InvalidTokenException.class, () -> service.validate(issued.accessToken()));
        assertEquals(InvalidTokenException.Reason.EXPIRED, refusal.reason());
    }

    @Test
    void theRefreshGraceWindowIsTheDocumentedOne() {
        SessionAwareTokenService refreshing = aServiceOn(store)
                .clock(clock)
                .refreshTokens(TestService.refreshSecret())
                .build();
        IssuedTokens first = refreshing.issue("carol", ClientInfo.unknown());
        refreshing.refresh(first.refreshToken(), ClientInfo.unknown());

        clock.advance(duration("refreshGraceWindow").minusMillis(1));
        refreshing.refresh(first.refreshToken(), ClientInfo.unknown());
        clock.advance(Duration.ofMillis(1));

        InvalidTokenException refusal = assertThrows(
                InvalidTokenException.class, () -> refreshing.refresh(first.refreshToken(), ClientInfo.unknown()));
        assertEquals(InvalidTokenException.Reason.REFRESH_TOKEN_REUSED, refusal.reason());
    }

    @Test
    void theDurationsOfBoundSessionsAreTheDocumentedOnes() {
        ExperimentalDeviceBinding defaults = ExperimentalDeviceBinding.defaults();

        assertEquals("off", TABLE.get("deviceBinding"));
        assertEquals(duration("ExperimentalDeviceBinding.withAccessTokenLifetime"), defaults.accessTokenLifetime());
        assertEquals(duration("ExperimentalDeviceBinding.withRegistrationWindow"), defaults.registrationWindow());
        assertEquals(duration("ExperimentalDeviceBinding.withChallengeLifetime"), defaults.challengeLifetime());
    }

    @Test
    void theSessionLimitIsTheDocumentedOne() {
        int limit = Integer.parseInt(TABLE.get("sessionLimit").replaceAll("[^0-9]", ""));
        for (int login = 0; login <= limit; login++) {
            service.issue("dave", ClientInfo.unknown());
        }

        assertEquals(limit, service.listSessions("dave").size());
    }

    @Test
    void theNumberOfVerifiedTokensIsTheDocumentedOne() {
        assertEquals(
                Integer.parseInt(TABLE.get("verifiedTokenCacheSize").replaceAll("[^0-9]", "")),
                SessionAwareTokenServiceBuilder.VERIFIED_TOKENS);
    }

    @Test
    void audienceClaimAndTypeAreTheDocumentedOnes() {
        DecodedJWT token = JWT.decode(issued.accessToken());

        assertEquals("the issuer", TABLE.get("audience"));
        assertEquals(List.of(ISSUER), token.getAudience());
        assertEquals(
                issued.session().id(), token.getClaim(code("sessionIdClaim")).asString());
        assertEquals(code("tokenType"), token.getType());
    }

    private static Duration duration(String setting) {
        String[] words = TABLE.get(setting).split(" ", 2);
        String unit = words[1].endsWith("s") ? words[1] : words[1] + "s";
        return Duration.of(Long.parseLong(words[0]), ChronoUnit.valueOf(unit.toUpperCase(Locale.ROOT)));
    }

    private static String code(String setting) {
        return TABLE.get(setting).replace("`", "");
    }

    private static Map<String, String> readTable() {
        try {
            String readme = Files.readString(Path.of("..", "docs", "defaults.md"));
            Map<String, String> table = Pattern.compile("(?m)^\\| `([\\w.]+)` \\| ([^|]+) \\|")
                    .matcher(readme)
                    .results()
                    .collect(Collectors.toMap(
                            row -> row.group(1), row -> row.group(2).strip(), (one, other) -> one));
            assertTrue(table.size() >= 8, "docs/defaults.md must have its table");
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
