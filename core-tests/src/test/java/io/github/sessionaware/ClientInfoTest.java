package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.RandomRuns;
import io.github.sessionaware.testing.ReferenceStore;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientInfoTest {
    private static final String EMOJI = "\ud83d\ude00";
    private static final String FAMILY = "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67";
    private static final String BLACK_FLAG = "\ud83c\udff4";
    private static final String ENGLAND =
            BLACK_FLAG + "\udb40\udc67\udb40\udc62\udb40\udc65\udb40\udc6e\udb40\udc67\udb40\udc7f";
    private static final List<Integer> LIMITS = List.of(64, 128, 512);

    private static final List<String> PIECES = List.of(
            EMOJI, FAMILY, ENGLAND, "\ud7ff", "\ud800", "\ud83d", "\udbff", "\udc00", "\ude00", "\udfff", "\ue000",
            "\uffff", "\u200d", "\u200c", "\u202e", "\u2028", "\0", " ", "\u00a0", "\r\n", "e\u0301", "\u3164", "x");

    @Test
    void plainTextIsKept() {
        ClientInfo client = ClientInfo.builder()
                .device("Firefox on Linux")
                .userAgent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .ipAddress("2001:db8::1")
                .location("M\u00fcnchen, DE")
                .build();

        assertEquals("Firefox on Linux", client.device());
        assertEquals("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", client.userAgent());
        assertEquals("2001:db8::1", client.ipAddress());
        assertEquals("M\u00fcnchen, DE", client.location());
    }

    @Test
    void eachPartHasItsLimit() {
        String text = "x".repeat(64 * 1024);

        ClientInfo client = new ClientInfo(text, text, text, text);

        assertEquals(new ClientInfo("x".repeat(128), "x".repeat(512), "x".repeat(64), "x".repeat(128)), client);
        assertEquals(
                List.of(128, 512, 64, 128),
                List.of(
                        client.device().length(),
                        client.userAgent().length(),
                        client.ipAddress().length(),
                        client.location().length()));
    }

    @Test
    void textAtTheLimitIsNotCut() {
        assertEquals("x".repeat(127), cleaned("x".repeat(127)));
        assertEquals("x".repeat(128), cleaned("x".repeat(128)));
        assertEquals("x".repeat(128), cleaned("x".repeat(128) + "y"));
        assertEquals("x".repeat(127), cleaned("x".repeat(127) + " y"));
    }

    @Test
    void textIsCutBetweenCodePoints() {
        assertEquals(EMOJI.repeat(128), cleaned(EMOJI.repeat(129)));
        assertEquals("x" + EMOJI.repeat(127), cleaned("x" + EMOJI.repeat(200)));
    }

    @Test
    void joinersInEmojiAndScriptsAreKept() {
        assertEquals(FAMILY, cleaned(FAMILY));
        assertEquals(
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                cleaned("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"));
        assertEquals("\u2764\ufe0f", cleaned("\u2764\ufe0f"));
        assertEquals("e\u0301", cleaned("e\u0301"));
    }

    @Test
    void tagsAndLooseJoinersAreDropped() {
        assertEquals(BLACK_FLAG, cleaned(ENGLAND));
        assertEquals("ab", cleaned("a\u200bb\ufeff"));
        assertEquals("a b", cleaned("\u200da \u200cb"));
        assertNull(cleaned("\u200d\u200c"));
    }

    @Test
    void everyTextStaysOnOneLine() {
        assertEquals("one Set-Cookie: two", cleaned("one\r\nSet-Cookie: two"));
        assertEquals("a b", cleaned("a\u2028b"));
        assertEquals("a b", cleaned("a\u2029b"));
        assertEquals("a b", cleaned("a\u0085b"));
        assertEquals("a b", cleaned("a\0b"));
        assertEquals("a [31mb", cleaned("a\u001b[31mb"));
        assertEquals("a b", cleaned("a\u007f\u009fb"));
    }

    @Test
    void runsOfSpaceBecomeOneAndEndsAreStripped() {
        assertEquals("a b c", cleaned("  a \t\n b\u00a0\u2003\u3000c \r\n"));
    }

    @Test
    void directionMarksAndInvisibleCharactersAreDropped() {
        assertEquals("exe.txt", cleaned("\u202eexe\u202c.\u2066txt\u2069"));
        assertEquals("ab", cleaned("a\u200e\u200f\u061c\u200b\u2060\ufeff\u00adb"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x180F, 0x2065, 0xFFF0, 0xFFF8, 0xE0000, 0xE0002, 0xE007F, 0xE0080, 0xE01F0, 0xE0FFF})
    void ignorableCodePointsAreDroppedBeforeUnicodeAssignsThem(int ignorable) {
        assertEquals("ab", cleaned("a" + Character.toString(ignorable) + "b"));
        assertNull(cleaned(Character.toString(ignorable)));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0x13441, 0x13442, 0x1D159, 0xFE0F, 0xE0100, 0xFDD0,
                0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF
            })
    void aTextThatShowsNothingIsUnknown(int blank) {
        assertNull(cleaned(Character.toString(blank).repeat(2)));
        assertEquals(
                "x" + Character.toString(blank),
                cleaned("x" + Character.toString(blank)),
                "beside a visible character it stays");
    }

    /** U+1FAE8 is an emoji of Unicode 15, U+20C1 a currency sign of Unicode 17, and U+3FFFD is not assigned. */
    @ParameterizedTest
    @ValueSource(ints = {0x1FAE8, 0x20C1, 0x3FFFD, 0xE1000})
    void aCharacterThatJavaDoesNotKnowYetIsVisible(int unknown) {
        assertEquals(Character.toString(unknown), cleaned(Character.toString(unknown)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud834", "\ud80d", "\udd59", "\udc41", "\udc42"})
    void theHalfOfABlankIsReplacedLikeOtherLoneSurrogates(String half) {
        assertEquals("\ufffd", cleaned(half));
    }

    @Test
    void loneSurrogatesAreReplaced() {
        assertEquals("a\ufffdb", cleaned("a\ud83db"));
        assertEquals("a\ufffdb", cleaned("a\ude00b"));
        assertEquals("\ufffd\ufffd", cleaned("\ude00\ud83d"));
        assertEquals("\ufffd\ufffd", cleaned("\ud83d\u200e\ude00"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\0", "\t\r\n", "\u00a0\u2003", "\u200e\u202e", "\ufeff"})
    void emptyTextIsUnknown(String text) {
        assertNull(cleaned(text));
    }

    @Test
    void missingPartsAreUnknown() {
        assertEquals(new ClientInfo(null, null, null, null), ClientInfo.unknown());
        assertEquals(
                new ClientInfo(null, null, "192.0.2.1", null),
                ClientInfo.builder().ipAddress("192.0.2.1").build());
    }

    /** Otherwise the victim's place could stand beside the thief's address. */
    @Test
    void aLaterClientReplacesDeviceWithUserAgentAndAddressWithPlace() {
        ClientInfo former = new ClientInfo("Firefox on Linux", "Mozilla/5.0", "192.0.2.7", "Berlin, DE");

        assertEquals(former, ClientInfo.unknown().replacing(former));
        assertEquals(
                new ClientInfo("curl", null, "192.0.2.7", "Berlin, DE"),
                new ClientInfo("curl", null, null, null).replacing(former));
        assertEquals(
                new ClientInfo(null, "curl/8", "192.0.2.7", "Berlin, DE"),
                new ClientInfo(null, "curl/8", null, null).replacing(former));
        assertEquals(
                new ClientInfo("Firefox on Linux", "Mozilla/5.0", "203.0.113.9", null),
                new ClientInfo(null, null, "203.0.113.9", null).replacing(former));
        assertEquals(
                new ClientInfo("Firefox on Linux", "Mozilla/5.0", null, "Lima, PE"),
                new ClientInfo(null, null, null, "Lima, PE").replacing(former));
        ClientInfo whole = new ClientInfo("curl", "curl/8", "203.0.113.9", "Lima, PE");
        assertEquals(whole, whole.replacing(former));
    }

    @Test
    void reusingABuilderDoesNotChangeWhatItBuilt() {
        ClientInfo.Builder builder = ClientInfo.builder().device("Firefox");
        ClientInfo first = builder.build();
        builder.device("Chrome");

        assertEquals("Firefox", first.device());
        assertEquals("Chrome", builder.build().device());
    }

    @Test
    void noTextBreaksALogin() {
        SessionAwareTokenService service = aServiceOn(new ReferenceStore()).build();
        for (String text :
                List.of("\0", "\ud800", "x".repeat(20 << 20), "\u200e".repeat(1 << 20), FAMILY.repeat(9_000))) {
            IssuedTokens issued = service.issue("alice", new ClientInfo(text, text, text, text));

            assertEquals(
                    issued.session(), service.validate(issued.accessToken()).session());
        }
    }

    @Test
    void cleaningCleanTextChangesNothing() throws Exception {
        checkNastyTexts(text -> {
            ClientInfo once = new ClientInfo(text, text, text, text);

            assertEquals(
                    once,
                    new ClientInfo(once.device(), once.userAgent(), once.ipAddress(), once.location()),
                    () -> codePointsOf(text));
        });
    }

    @Test
    void cleanTextIsShortWellFormedAndOnOneLine() throws Exception {
        checkNastyTexts(text -> {
            String clean = cleaned(text);

            String shown = clean == null ? "" : clean;
            assertTrue(shown.codePointCount(0, shown.length()) <= 128, () -> codePointsOf(text));
            assertEquals(shown, shown.strip(), () -> codePointsOf(text));
            assertTrue(
                    shown.codePoints()
                            .noneMatch(c -> Character.isISOControl(c)
                                    || Character.getType(c) == Character.SURROGATE
                                    || c == '\u2028'
                                    || (c >= '\u202a' && c <= '\u202e')),
                    () -> codePointsOf(text));
        });
    }

    /** Each piece, each pair and each pair at the limit of 128 code points, then random mixtures of all lengths. */
    private static void checkNastyTexts(Consumer<String> property) throws Exception {
        property.accept("");
        for (String one : PIECES) {
            property.accept(one);
            for (String other : PIECES) {
                property.accept(one + other);
                for (int length = 125; length <= 128; length++) {
                    property.accept("x".repeat(length) + one + other + "x");
                }
            }
        }
        RandomRuns.check(1_000, random -> property.accept(nastyText(random)));
    }

    private static String nastyText(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(3) == 0) {
            text.append("x".repeat(LIMITS.get(random.nextInt(LIMITS.size())) - random.nextInt(4)));
        }
        int pieces = random.nextBoolean() ? random.nextInt(4) : random.nextInt(600);
        for (int i = 0; i < pieces; i++) {
            text.append(
                    switch (random.nextInt(3)) {
                        case 0 -> PIECES.get(random.nextInt(PIECES.size()));
                        case 1 -> Character.toString(random.nextInt(Character.MAX_VALUE + 1));
                        default -> Character.toString(random.nextInt(Character.MAX_CODE_POINT + 1));
                    });
        }
        return text.toString();
    }

    private static String codePointsOf(String text) {
        return text.codePoints().mapToObj(Integer::toHexString).collect(Collectors.joining(" "));
    }

    private static String cleaned(String text) {
        return ClientInfo.builder().device(text).build().device();
    }
}
