package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import io.github.sessionaware.testing.CountingStore;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.ReferenceStore;
import io.github.sessionaware.testing.TestService;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Makes every single change of a live token. {@link HostileTokensTest} has one change of each kind. */
class TokenTamperingTest {
    private static final List<String> DIGITS =
            List.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split(""));
    private static final RawSigner SIGNER = RawSigner.mac("HmacSHA256", TestService.secret());

    private final CountingStore store = new CountingStore(new ReferenceStore());
    private final SessionAwareTokenService service =
            aServiceOn(store).clock(new FakeClock(START)).build();
    private final String live = service.issue("alice", ClientInfo.unknown()).accessToken();
    private final List<String> parts = List.of(live.split("\\.", -1));
    private final String header = text(0);
    private final String payload = text(1);

    /** After this the service remembers the token. */
    @BeforeEach
    void validateOnce() {
        service.validate(live);
        service.validate(live);
        store.reset();
    }

    @AfterEach
    void theLiveTokenStillValidates() {
        assertEquals(0, store.calls());
        assertEquals("alice", service.validate(live).userId());
    }

    @Test
    void noCharacterCanBeReplaced() {
        int refused = 0;
        for (int at = 0; at < live.length(); at++) {
            for (String digit : DIGITS) {
                String changed = live.substring(0, at) + digit + live.substring(at + 1);
                if (!changed.equals(live)) {
                    assertRefused(changed);
                    refused++;
                }
            }
        }

        assertEquals((live.length() - 2) * 63 + 2 * 64, refused);
    }

    @Test
    void noCharacterCanBeRemovedOrDoubled() {
        for (int at = 0; at < live.length(); at++) {
            assertRefused(live.substring(0, at) + live.substring(at + 1));
            assertRefused(live.substring(0, at + 1) + live.substring(at));
        }
    }

    @Test
    void aHeaderMemberCannotHideBehindAnEscape() {
        assertSignedReason(Reason.MALFORMED, member(header, "\"\\u0061lg\":\"HS256\""), payload);
        assertSignedReason(Reason.MALFORMED, member(header, "\"al\\u0067\":\"none\""), payload);
        assertSignedReason(Reason.MALFORMED, member(header, "\"t\\u0079p\":\"JWT\""), payload);
        assertSignedReason(Reason.MALFORMED, member(header, "\"\\u0063rit\":[\"exp\"]"), payload);
        assertSignedReason(Reason.MALFORMED, member(header, "\"j\\u0077k\":{}"), payload);
    }

    @Test
    void aDuplicateMemberIsFoundEverywhere() {
        assertSignedReason(Reason.MALFORMED, member(header, "\"x\":{\"a\":1,\"a\":2}"), payload);
        assertSignedReason(Reason.MALFORMED, header, member(payload, "\"sid\":\"AAAAAAAAAAAAAAAAAAAAAAAA\""));
        assertSignedReason(Reason.MALFORMED, header, member(payload, "\"\\u0073\\u0075\\u0062\":\"mallory\""));
        assertSignedReason(Reason.MALFORMED, header, member(payload, "\"own\":[[{\"a\":{\"b\":1,\"\\u0062\":2}}]]"));
        assertSignedReason(Reason.MALFORMED, header, member(payload, "\"nbf\":1,\"nbf\":1"));
    }

    @Test
    void aNestedHeaderIsRefused() {
        for (int depth : List.of(1, 63, 64, 1_000, 3_000)) {
            assertRefused(SIGNER.sign(member(header, "\"x\":" + "[".repeat(depth) + "]".repeat(depth)), payload));
        }
        assertReason(Reason.MALFORMED, SIGNER.sign(member(header, "\"x\":" + "[".repeat(100_000)), payload));
    }

    @Test
    void anythingExceptThreePartsIsMalformed() {
        assertReason(Reason.MALFORMED, parts.get(0));
        assertReason(Reason.MALFORMED, parts.get(0) + "." + parts.get(1));
        assertReason(Reason.MALFORMED, live + ".");
        assertReason(Reason.MALFORMED, live + "." + parts.get(2));
        assertReason(Reason.MALFORMED, live + "..");
    }

    @Test
    void aSignatureWithoutItsPayloadIsRefused() {
        assertReason(Reason.MALFORMED, parts.get(0) + ".." + parts.get(2));
        assertReason(Reason.MALFORMED, SIGNER.signEncoded(parts.get(0), ""));
        assertReason(
                Reason.MALFORMED,
                "{\"payload\":\"%s\",\"protected\":\"%s\",\"signature\":\"%s\"}"
                        .formatted(parts.get(1), parts.get(0), parts.get(2)));
    }

    @Test
    void aTokenHasAtMostEightKibibytes() {
        String longest = signedOfLength(8192);
        String tooLong = signedOfLength(8193);
        assertEquals(List.of(8192, 8193), List.of(longest.length(), tooLong.length()));

        assertReason(Reason.MALFORMED, tooLong);
        assertEquals("alice", service.validate(longest).userId());
        store.reset();
    }

    /** Correctly signed. Only the length of the payload varies. */
    private String signedOfLength(int length) {
        int room = length - 2 - 43 - parts.get(0).length();
        String filled = member(payload, "\"own\":\"\"");
        int bytes = room * 3 / 4;
        return SIGNER.sign(header, filled.replace("\"own\":\"", "\"own\":\"" + "x".repeat(bytes - filled.length())));
    }

    private void assertSignedReason(Reason reason, String header, String payload) {
        assertReason(reason, SIGNER.sign(header, payload));
    }

    private void assertReason(Reason reason, String token) {
        assertEquals(reason, assertRefused(token).reason());
    }

    private InvalidTokenException assertRefused(String token) {
        return assertThrows(InvalidTokenException.class, () -> service.validate(token));
    }

    private String text(int part) {
        return new String(Base64.getUrlDecoder().decode(parts.get(part)), UTF_8);
    }

    private static String member(String object, String member) {
        return object.substring(0, object.length() - 1) + "," + member + "}";
    }
}
