package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes change from HS256 to ES256, and nobody is logged out. A ring cannot hold keys of both kinds, so each node
 * has a service for each kind ("From a secret to a key pair" in docs/keys.md).
 */
class SecretToKeyPairTest {
    private static final Duration ACCESS_TOKEN_LIFETIME = Duration.ofMinutes(15);
    private static final Duration LEEWAY = Duration.ofSeconds(5);

    private final FakeClock clock = new FakeClock(START);
    private final ReferenceStore store = new ReferenceStore();
    private final List<Node> nodes = List.of(new Node(), new Node());
    private final List<IssuedTokens> issued = new ArrayList<>();

    @Test
    void everyNodeAcceptsTheTokensOfBothKindsAtEveryStep() {
        everyNodeIssuesAndAcceptsAll();
        for (Node node : nodes) {
            node.issuing = node.next;
            everyNodeIssuesAndAcceptsAll();
        }

        clock.advance(ACCESS_TOKEN_LIFETIME.plus(LEEWAY));
        nodes.forEach(node -> node.accepted = List.of(node.next));
        issued.removeIf(tokens -> algorithm(tokens).equals("HS256"));
        issued.replaceAll(tokens -> nodes.get(0).issuing.refresh(tokens.refreshToken(), ClientInfo.unknown()));
        everyNodeIssuesAndAcceptsAll();
    }

    /** A token of the secret is exchanged for one of the key pair, for clients that have no refresh token. */
    @Test
    void theNextServiceReissuesATokenThatTheFormerOneHasValidated() {
        Node node = nodes.get(0);
        AuthenticatedSession current =
                node.validate(node.former.issue("alice", ClientInfo.unknown()).accessToken());

        IssuedTokens replacement =
                node.next.reissue(current, TokenOptions.defaults().withClaims(Map.of("roles", List.of("admin"))));

        assertEquals("ES256", algorithm(replacement));
        assertEquals(
                current.sessionId(),
                node.next.validate(replacement.accessToken()).sessionId());
        assertEquals(1, node.next.listSessions(current).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "key pair"})
    void aNodeWithKeysOfTheOtherKindAsksForARefreshWhichWorks(String kind) {
        Node node = nodes.get(0);
        SessionAwareTokenService ofToken = kind.equals("secret") ? node.former : node.next;
        SessionAwareTokenService other = kind.equals("secret") ? node.next : node.former;
        IssuedTokens tokens = ofToken.issue("alice", ClientInfo.unknown());

        Reason reason = assertThrows(InvalidTokenException.class, () -> other.validate(tokens.accessToken()))
                .reason();
        IssuedTokens refreshed = other.refresh(tokens.refreshToken(), ClientInfo.unknown());

        assertEquals(Reason.UNKNOWN_KEY, reason);
        assertEquals(
                tokens.session().id(), other.validate(refreshed.accessToken()).sessionId());
    }

    @Test
    void aSessionThatOneServiceEndsHasEndedForTheOther() {
        Node node = nodes.get(0);
        IssuedTokens tokens = node.former.issue("alice", ClientInfo.unknown());

        node.next.revoke(node.validate(tokens.accessToken()));

        assertEquals(
                Reason.SESSION_ENDED,
                assertThrows(InvalidTokenException.class, () -> node.validate(tokens.accessToken()))
                        .reason());
    }

    private void everyNodeIssuesAndAcceptsAll() {
        nodes.forEach(node -> issued.add(node.issuing.issue("alice", ClientInfo.unknown())));
        for (IssuedTokens tokens : issued) {
            for (Node node : nodes) {
                assertEquals(
                        tokens.session().id(),
                        node.validate(tokens.accessToken()).sessionId());
            }
        }
    }

    private static String algorithm(IssuedTokens tokens) {
        return JWT.decode(tokens.accessToken()).getAlgorithm();
    }

    private final class Node {
        private final SessionAwareTokenService former = service(SigningKey.hmac256(TestService.secret()));
        private final SessionAwareTokenService next = service(SigningKey.of(JwsAlgorithm.ES256, TestKeys.P256));
        private List<SessionAwareTokenService> accepted = List.of(next, former);
        private SessionAwareTokenService issuing = former;

        private SessionAwareTokenService service(SigningKey key) {
            return aServiceOn(store, () -> KeyRing.of(key))
                    .accessTokenLifetime(ACCESS_TOKEN_LIFETIME)
                    .leeway(LEEWAY)
                    .refreshTokens(TestService.refreshSecret())
                    .claimsOnRefresh((userId, session) -> Map.of())
                    .clock(clock)
                    .build();
        }

        AuthenticatedSession validate(String token) {
            try {
                return accepted.get(0).validate(token);
            } catch (InvalidTokenException e) {
                if (e.reason() != Reason.UNKNOWN_KEY || accepted.size() == 1) {
                    throw e;
                }
                return accepted.get(1).validate(token);
            }
        }
    }
}
