package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.HostileTokens.Hostile;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HostileTokensTest {
    private static final String CHALLENGE = "Bearer realm=\"api\", error=\"invalid_token\","
            + " error_description=\"The access token is invalid or has expired\"";

    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(new FakeClock(START)).build();
    private final String live = service.issue("alice", ClientInfo.unknown()).accessToken();

    @Test
    void everyOneIsRefusedWithoutAskingTheStore() {
        Map<String, String> claims = claimsOf(live);
        List<Hostile> hostile = HostileTokens.madeFrom(live, claims);
        store.reset();

        for (Hostile token : hostile) {
            InvalidTokenException refusal =
                    assertThrows(InvalidTokenException.class, () -> service.validate(token.token()), token.name());
            assertEquals(0, store.calls(), token.name());
            assertNull(refusal.getCause(), token.name());
            assertEquals(
                    refusal.reason() == Reason.MISSING ? "Bearer realm=\"api\"" : CHALLENGE,
                    refusal.wwwAuthenticate(),
                    token.name());
        }

        System.out.println("hostile tokens: " + hostile.size() + ", store calls: " + store.calls());
        assertTrue(hostile.size() >= 150);
        assertEquals("alice", service.validate(live).userId());
        assertEquals("alice", service.validate(HostileTokens.rightly(claims)).userId());
    }

    /**
     * Names that share Jackson's hash, which multiplies by 33, new ones in each token, under a signature that is none.
     * To whoever reads claims before signatures they do harm for good: java-jwt keeps names in tables that all tokens
     * share, and these break them.
     */
    @Test
    void namesThatCollideLeaveNothingBehind() {
        Map<String, String> claims = claimsOf(live);
        String unsigned = RawSigner.encode(new byte[32]);
        String header = live.substring(0, live.indexOf('.'));
        store.reset();
        for (int i = 0; i < 1_000; i++) {
            Map<String, String> colliding = new LinkedHashMap<>();
            char second = (char) ('a' + i / 40);
            for (int name = 0; name < 256; name++) {
                StringBuilder text = new StringBuilder();
                for (int bit = 0; bit < 8; bit++) {
                    text.append((name >> bit & 1) == 0 ? "A" + second : "B" + (char) (second - 33));
                }
                colliding.put(text.toString(), "0");
            }
            assertEquals(256, colliding.size());
            colliding.putAll(claims);
            String token = header + "."
                    + RawSigner.encode(HostileTokens.object(colliding).getBytes(UTF_8)) + "." + unsigned;

            assertTrue(token.length() <= 8192);
            assertEquals(
                    Reason.NOT_OURS,
                    assertThrows(InvalidTokenException.class, () -> service.validate(token))
                            .reason());
        }
        assertEquals(0, store.calls());
        assertEquals("alice", service.validate(live).userId());
    }

    @Test
    void messagesAreConstants() {
        Set<String> messages = new HashSet<>();
        for (Hostile token : HostileTokens.madeFrom(live, claimsOf(live))) {
            messages.add(assertThrows(InvalidTokenException.class, () -> service.validate(token.token()))
                    .getMessage());
        }

        assertEquals(
                Set.of(
                        "No token was given",
                        "The token is malformed",
                        "The token was not issued for this service",
                        "The token has expired"),
                messages);
    }

    @Property(tries = 2_000)
    void whateverIsMadeOfALiveTokenIsRefused(@ForAll("mutations") String token) {
        assertRefusedUnlessLive(token);
    }

    @Property(tries = 1_000)
    void anyStringIsRefused(@ForAll String token) {
        assertRefusedUnlessLive(token);
    }

    @Provide
    Arbitrary<String> mutations() {
        return Arbitraries.integers()
                .between(0, live.length() - 1)
                .flatMap(at -> Arbitraries.oneOf(
                        Arbitraries.chars().all().map(c -> live.substring(0, at) + c + live.substring(at + 1)),
                        Arbitraries.chars().range('-', 'z').map(c -> live.substring(0, at) + c + live.substring(at)),
                        Arbitraries.just(live.substring(0, at) + live.substring(at + 1)),
                        Arbitraries.just(live.substring(0, at)),
                        Arbitraries.just(live.substring(at) + live.substring(0, at))));
    }

    private void assertRefusedUnlessLive(String token) {
        if (!token.equals(live)) {
            service.validate(live); // which is remembered from then on
            store.reset();
            assertThrows(InvalidTokenException.class, () -> service.validate(token));
            assertEquals(0, store.calls());
        }
    }

    private Map<String, String> claimsOf(String token) {
        DecodedJWT decoded = service.validate(token).token();
        Map<String, String> claims = new LinkedHashMap<>();
        decoded.getClaims().forEach((name, value) -> claims.put(name, value.toString()));
        return claims;
    }
}
