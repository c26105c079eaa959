package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.ISSUER;
import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Claims that the first refresh would drop are refused, instead of vanishing silently. */
class LastingClaimsTest {
    private static final LoginOptions ADMIN = LoginOptions.defaults().withClaims(Map.of("role", "admin"));
    private static final String OLD = JWT.create()
            .withIssuer(ISSUER)
            .withSubject("alice")
            .withAudience(ISSUER)
            .withIssuedAt(START)
            .withExpiresAt(START.plusSeconds(3600))
            .sign(Algorithm.HMAC256(TestService.secret()));

    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService dropping =
            aService().refreshTokens(TestService.refreshSecret()).build();

    @Test
    void aLoginWithClaimsThatARefreshWouldDropIsRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> dropping.issue("alice", ClientInfo.unknown(), ADMIN))
                .getMessage();

        assertEquals(
                "claims would be lost at the first refresh: set claimsOnRefresh(...) on the builder, which computes"
                        + " them again. Keep what only the login knows in attributes",
                message);
        assertEquals(0, store.calls());
    }

    @Test
    void aRenewedAuthenticationWithSuchClaimsIsRefused() {
        IssuedTokens login = dropping.issue("alice", ClientInfo.unknown());
        AuthenticatedSession current = dropping.validate(login.accessToken());
        store.reset();

        assertThrows(IllegalArgumentException.class, () -> dropping.reauthenticate(current, ADMIN));

        assertEquals(0, store.calls());
        dropping.validate(login.accessToken());
    }

    @Test
    void aMigrationWithSuchClaimsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> dropping.migrateStateless(OLD, ClientInfo.unknown(), ADMIN));

        assertEquals(0, store.calls());
    }

    @Test
    void noClaimsAreAlwaysAccepted() {
        LoginOptions none = LoginOptions.defaults().withClaims(Map.of());

        dropping.issue("alice", ClientInfo.unknown(), none);
        dropping.migrateStateless(OLD, ClientInfo.unknown(), none);
    }

    /** A reissued token is another token than the one that a refresh replaces. */
    @Test
    void aReissueWithSuchClaimsIsAccepted() {
        AuthenticatedSession current =
                dropping.validate(dropping.issue("alice", ClientInfo.unknown()).accessToken());

        IssuedTokens reissued =
                dropping.reissue(current, TokenOptions.defaults().withClaims(Map.of("role", "admin")));

        assertRole(Optional.of("admin"), dropping, reissued);
    }

    @Test
    void aServiceWithoutRefreshTokensAcceptsClaims() {
        acceptsClaims(aService().build());
    }

    @Test
    void aServiceThatComputesClaimsOnRefreshAcceptsClaims() {
        SessionAwareTokenService keeping = aService()
                .refreshTokens(TestService.refreshSecret())
                .claimsOnRefresh((user, session) -> Map.of("role", "admin"))
                .build();
        acceptsClaims(keeping);

        IssuedTokens next = keeping.refresh(
                keeping.issue("alice", ClientInfo.unknown(), ADMIN).refreshToken(), ClientInfo.unknown());

        assertRole(Optional.of("admin"), keeping, next);
    }

    private static void acceptsClaims(SessionAwareTokenService service) {
        IssuedTokens login = service.issue("alice", ClientInfo.unknown(), ADMIN);
        IssuedTokens renewed = service.reauthenticate(service.validate(login.accessToken()), ADMIN);
        IssuedTokens migrated = service.migrateStateless(OLD, ClientInfo.unknown(), ADMIN);
        for (IssuedTokens tokens : List.of(renewed, migrated)) {
            assertRole(Optional.of("admin"), service, tokens);
        }
    }

    private static void assertRole(Optional<String> role, SessionAwareTokenService service, IssuedTokens tokens) {
        assertEquals(role, service.validate(tokens.accessToken()).claim("role", String.class));
    }

    private SessionAwareTokenServiceBuilder aService() {
        return aServiceOn(store).clock(new FakeClock(START)).acceptStatelessTokensUntil(START.plusSeconds(3600));
    }
}
