package io.github.sessionaware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.InvalidTokenException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer a.b.c",
                "bearer a.b.c",
                "BEARER a.b.c",
                "bEaReR a.b.c",
                "Bearer   a.b.c",
                "  Bearer a.b.c  ",
                "Bearer \ta.b.c\t"
            })
    void theTokenFollowsTheScheme(String header) {
        assertEquals("a.b.c", BearerToken.from(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcXYZ019-._~+/", "mF_9.B5f-4.1JqM", "a=", "a=="})
    void everyTokenOfTheGrammarIsAccepted(String token) {
        assertEquals(token, BearerToken.from("Bearer " + token));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "Basic YWxpY2U6c2VjcmV0",
                "Digest username=\"a\"",
                "a.b.c",
                "Bearera.b.c",
                "Bearer:a.b.c",
                "Bearer=a.b.c",
                "Bearer\u00a0a.b.c",
                "Bearer,Bearer a",
                "\0Bearer a.b.c",
                "B\u0435arer a.b.c"
            })
    void aHeaderWithoutTheSchemeHasNoToken(String header) {
        assertRefused(Reason.MISSING, header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer a b",
                "Bearer a.b.c, Bearer d.e.f",
                "Bearer Bearer a.b.c",
                "Bearer a.b.c,",
                "Bearer \"a.b.c\"",
                "Bearer token=a.b.c",
                "Bearer =",
                "Bearer a=b",
                "Bearer \u00e9.b.c",
                "Bearer a.b.c\0",
                "Bearer a.b.c\r\nSet-Cookie: x",
                "Bearer a%2eb%2ec",
                "Bearer \ud800.b.c"
            })
    void anythingExceptOneTokenIsMalformed(String header) {
        assertRefused(Reason.MALFORMED, header);
    }

    @Test
    void aTokenHasAtMostEightKibibytes() {
        String longest = "a".repeat(8 * 1024);

        assertEquals(longest, BearerToken.from("Bearer " + longest));
        assertRefused(Reason.MALFORMED, "Bearer " + longest + "a");
        assertRefused(Reason.MALFORMED, "Bearer " + "=".repeat(20 << 20));
    }

    private static void assertRefused(Reason reason, String header) {
        InvalidTokenException refusal = assertThrows(InvalidTokenException.class, () -> BearerToken.from(header));
        assertEquals(reason, refusal.reason());
    }
}
