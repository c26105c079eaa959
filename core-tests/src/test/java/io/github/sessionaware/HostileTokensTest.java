package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.HostileTokens.Hostile;
import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.RandomRuns;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HostileTokensTest {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final String ODD_CHARACTERS = "\0\n .=+/%\u007f\u0080\u00e9\u2028\ud800\udc00\ufeff\uffff";
    private static final List<String> EDGES = List.of(
            "", " ", ".", "..", "...", "A", "A.A.A", "\0", "\uffff", "\ud800", "\udc00\ud800", "A".repeat(8192));

    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(new FakeClock(START)).build();
    private final String live = service.issue("alice", ClientInfo.unknown()).accessToken();

    @Test
    void everyHostileTokenIsRefusedWithoutAStoreCall() {
        Map<String, String> claims = HostileTokens.claimsOf(live);
        List<Hostile> hostile = HostileTokens.madeFrom(live, claims);
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        store.reset();

        for (Hostile token : hostile) {
            InvalidTokenException refusal =
                    assertThrows(InvalidTokenException.class, () -> service.validate(token.token()), token.name());
            assertEquals(0, store.calls(), token.name());
            assertSaysNothingElse(refusal, token.name());
            reasons.add(refusal.reason());
        }

        assertEquals(
                EnumSet.of(
                        Reason.MISSING,
                        Reason.MALFORMED,
                        Reason.MISSING_CLAIM,
                        Reason.UNKNOWN_KEY,
                        Reason.BAD_SIGNATURE,
                        Reason.WRONG_TYPE,
                        Reason.WRONG_ISSUER,
                        Reason.WRONG_AUDIENCE,
                        Reason.NOT_YET_VALID,
                        Reason.EXPIRED),
                reasons);
        System.out.println("hostile tokens: " + hostile.size() + ", store calls: " + store.calls());
        assertTrue(hostile.size() >= 150);
        assertEquals("alice", service.validate(live).userId());
        assertEquals("alice", service.validate(HostileTokens.rightly(claims)).userId());
    }

    /**
     * Jackson keeps the names that it has read in a table, which lets only so many names of one hash in. A table that
     * outlives the request would refuse tokens because of the names in earlier ones.
     */
    @Test
    void namesOfOneHashLeaveNothingBehind() {
        Map<String, String> claims = new LinkedHashMap<>();
        for (int name = 0; name < 256; name++) {
            StringBuilder text = new StringBuilder();
            for (int bit = 0; bit < 8; bit++) {
                // 33 * 'A' + 'a' is 33 * 'B' + '@', and Jackson's hash multiplies by 33.
                text.append((name >> bit & 1) == 0 ? "Aa" : "B@");
            }
            claims.put(text.toString(), "0");
        }
        assertEquals(256, claims.size());
        claims.putAll(HostileTokens.claimsOf(live));
        String token = live.substring(0, live.indexOf('.')) + "."
                + RawSigner.encode(HostileTokens.object(claims).getBytes(UTF_8)) + "." + RawSigner.encode(new byte[32]);
        assertTrue(token.length() <= 8192);

        for (int request = 0; request < 10; request++) {
            assertEquals(
                    Reason.BAD_SIGNATURE,
                    assertThrows(InvalidTokenException.class, () -> service.validate(token))
                            .reason());
        }
    }

    /** java-jwt keeps names in such a table too, and all tokens share it. */
    @Test
    void javaJwtReadsNoClaimBeforeItHasVerifiedTheSignature() {
        AtomicInteger signaturesChecked = new AtomicInteger();
        Algorithm hmac = Algorithm.HMAC256(TestService.secret());
        Algorithm watching = new Algorithm("HS256", "HS256") {
            @Override
            public void verify(DecodedJWT token) {
                signaturesChecked.incrementAndGet();
                assertThrows(UnsupportedOperationException.class, token::getClaims);
                assertThrows(UnsupportedOperationException.class, token::getSubject);
                hmac.verify(token);
            }

            @Override
            public byte[] sign(byte[] content) {
                return hmac.sign(content);
            }
        };
        SessionAwareTokenService watched = aServiceOn(store)
                .signingKey(new SigningKey(VerificationKey.secret(watching, "thumbprint"), watching))
                .clock(new FakeClock(START))
                .build();
        String forged = live.substring(0, live.lastIndexOf('.')) + "." + RawSigner.encode(new byte[32]);

        assertThrows(InvalidTokenException.class, () -> watched.validate(forged));
        assertEquals("alice", watched.validate(live).userId());
        assertEquals(2, signaturesChecked.get());
    }

    @Test
    void everyChangedTokenIsRefused() throws Exception {
        RandomRuns.check(2_000, random -> assertRefusedUnlessLive(changed(live, random)));
    }

    @Test
    void everyOtherStringIsRefused() throws Exception {
        for (String edge : EDGES) {
            assertRefusedUnlessLive(edge);
        }
        RandomRuns.check(1_000, random -> assertRefusedUnlessLive(anyString(random)));
    }

    /** One character replaced, inserted or left out, or one added at the end, or the token cut or turned round. */
    private static String changed(String token, Random random) {
        int at = position(token, random);
        String before = token.substring(0, at);
        char character = random.nextBoolean() ? anyDigit(random) : anyCharacter(random);
        return switch (random.nextInt(6)) {
            case 0 -> before + character + token.substring(at + 1);
            case 1 -> before + character + token.substring(at);
            case 2 -> before + token.substring(at + 1);
            case 3 -> token + character;
            case 4 -> before;
            default -> token.substring(at) + before;
        };
    }

    /** Anywhere, and often at the ends of the three parts. */
    private static int position(String token, Random random) {
        int first = token.indexOf('.');
        int second = token.lastIndexOf('.');
        int last = token.length() - 1;
        int[] ends = {0, first - 1, first, first + 1, second - 1, second, second + 1, last};
        return random.nextInt(3) == 0 ? ends[random.nextInt(ends.length)] : random.nextInt(token.length());
    }

    private static String anyString(Random random) {
        StringBuilder text = new StringBuilder();
        boolean looksLikeAToken = random.nextBoolean();
        int length = random.nextInt(random.nextInt(4) == 0 ? 4 : 256);
        for (int part = 0; part < (looksLikeAToken ? 3 : 1); part++) {
            text.append(part == 0 ? "" : ".");
            for (int i = 0; i < length; i++) {
                text.append(looksLikeAToken ? anyDigit(random) : anyCharacter(random));
            }
        }
        return text.toString();
    }

    private static char anyCharacter(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> ODD_CHARACTERS.charAt(random.nextInt(ODD_CHARACTERS.length()));
            case 1 -> (char) random.nextInt(128);
            default -> (char) random.nextInt(Character.MAX_VALUE + 1);
        };
    }

    private static char anyDigit(Random random) {
        return DIGITS.charAt(random.nextInt(DIGITS.length()));
    }

    /** The texts of its reason, which {@link InvalidTokenExceptionTest} compares, and nothing of the token. */
    private static void assertSaysNothingElse(InvalidTokenException refusal, String name) {
        InvalidTokenException expected = new InvalidTokenException(refusal.reason());
        assertEquals(expected.getMessage(), refusal.getMessage(), name);
        assertEquals(expected.wwwAuthenticate(), refusal.wwwAuthenticate(), name);
        assertNull(refusal.getCause(), name);
    }

    private void assertRefusedUnlessLive(String token) {
        if (!token.equals(live)) {
            service.validate(live); // Afterwards the service remembers it.
            store.reset();
            assertThrows(InvalidTokenException.class, () -> service.validate(token));
            assertEquals(0, store.calls());
        }
    }
}
