package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionRecordTest {
    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final SessionRecord FULL = SessionRecord.builder("alice", ID)
            .version(7)
            .generation(3)
            .category("api")
            .client(ClientInfo.builder().device("Firefox on Linux").build())
            .label("kitchen tablet")
            .attributes(Map.of("tenant", "blue"))
            .createdAt(START)
            .lastActiveAt(START.plusSeconds(1))
            .expiresAt(START.plusSeconds(2))
            .authentication(new Authentication(START.plusSeconds(3), List.of("pwd")))
            .timeouts(SessionTimeouts.NIST_AAL2)
            .refreshState("state")
            .deviceKey("key")
            .loginDevice("Firefox on Linux")
            .loginNetwork("192.0.2")
            .build();

    /** Each changes one part. */
    private static final List<Consumer<SessionRecord.Builder>> CHANGES = List.of(
            builder -> builder.version(8),
            builder -> builder.generation(4),
            builder -> builder.category("support"),
            builder -> builder.client(ClientInfo.unknown()),
            builder -> builder.label("phone"),
            builder -> builder.label(null),
            builder -> builder.attributes(Map.of()),
            builder -> builder.createdAt(START.minusMillis(1)),
            builder -> builder.lastActiveAt(START),
            builder -> builder.expiresAt(START),
            builder -> builder.authentication(new Authentication(START.plusSeconds(3), List.of())),
            builder -> builder.timeouts(null),
            builder -> builder.refreshState(null),
            builder -> builder.deviceKey(null),
            builder -> builder.loginDevice(null),
            builder -> builder.loginNetwork(null));

    @Test
    void aRecordHasDefaultsForAllThatIsNotSet() {
        SessionRecord plain = SessionRecord.builder("alice", ID).build();

        assertEquals(
                List.of("alice", ID, 1L, 1), List.of(plain.userId(), plain.id(), plain.version(), plain.generation()));
        assertEquals("device", plain.category());
        assertEquals(ClientInfo.unknown(), plain.client());
        assertEquals(Map.of(), plain.attributes());
        assertEquals(
                List.of(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH),
                List.of(plain.createdAt(), plain.lastActiveAt(), plain.expiresAt()));
        assertNull(plain.label());
        assertNull(plain.timeouts());
        assertNull(plain.refreshState());
        assertNull(plain.deviceKey());
        assertNull(plain.loginDevice());
        assertNull(plain.loginNetwork());
    }

    @Test
    void theUserWasAuthenticatedAtTheLoginUnlessTheBuilderSaysOtherwise() {
        SessionRecord plain =
                SessionRecord.builder("alice", ID).createdAt(START).build();

        assertEquals(new Authentication(START, List.of()), plain.authentication());
    }

    @Test
    void recordsAreEqualIfEveryPartIsEqual() {
        assertEquals(FULL, FULL.toBuilder().build());
        assertEquals(FULL.hashCode(), FULL.toBuilder().build().hashCode());
        List<SessionRecord> others = new ArrayList<>();
        for (Consumer<SessionRecord.Builder> change : CHANGES) {
            SessionRecord.Builder other = FULL.toBuilder();
            change.accept(other);
            others.add(other.build());
        }
        others.add(SessionRecord.builder("bob", ID).build());
        others.add(SessionRecord.builder("alice", ID).build());

        others.forEach(other -> assertNotEquals(FULL, other));

        assertEquals(others.size(), new HashSet<>(others).size(), "The others must differ from each other too");
        assertFalse(FULL.equals(null));
    }

    @Test
    void everyTimeIsTruncatedToTheMillisecond() {
        SessionRecord fine = SessionRecord.builder("alice", ID)
                .createdAt(START.plusNanos(1_999_999))
                .lastActiveAt(START.plusNanos(2_999_999))
                .expiresAt(START.plusNanos(3_999_999))
                .build();

        assertEquals(START.plusMillis(1), fine.createdAt());
        assertEquals(START.plusMillis(2), fine.lastActiveAt());
        assertEquals(START.plusMillis(3), fine.expiresAt());
    }

    @Test
    void aTimeOutsideTheYears0To9999IsRefused() {
        Instant first = Instant.parse("0000-01-01T00:00:00Z");
        Instant last = Instant.parse("9999-12-31T23:59:59.999Z");
        SessionRecord widest = FULL.toBuilder()
                .createdAt(first)
                .lastActiveAt(last)
                .expiresAt(last)
                .build();
        assertEquals(
                List.of(first, last, last), List.of(widest.createdAt(), widest.lastActiveAt(), widest.expiresAt()));

        for (Instant bad : List.of(first.minusNanos(1), last.plusNanos(1), Instant.MIN, Instant.MAX)) {
            assertRefused("createdAt must be in the years 0 to 9999, was " + bad, builder -> builder.createdAt(bad));
            assertRefused(
                    "lastActiveAt must be in the years 0 to 9999, was " + bad, builder -> builder.lastActiveAt(bad));
            assertRefused("expiresAt must be in the years 0 to 9999, was " + bad, builder -> builder.expiresAt(bad));
            assertRefused(
                    "time must be in the years 0 to 9999, was " + bad,
                    builder -> builder.authentication(new Authentication(bad, List.of())));
        }
    }

    @Test
    void aTouchChangesTwoTimesAndTheVersionAndNothingElse() {
        assertEquals(
                FULL.toBuilder()
                        .lastActiveAt(START.plusSeconds(5))
                        .expiresAt(START.plusSeconds(15))
                        .version(8)
                        .build(),
                FULL.touched(START.plusSeconds(5), START.plusSeconds(15)));
    }

    @Test
    void aBuiltRecordDoesNotChangeWithItsBuilder() {
        Map<String, String> attributes = new HashMap<>(Map.of("tenant", "blue"));
        SessionRecord.Builder builder = FULL.toBuilder().attributes(attributes);
        SessionRecord built = builder.build();

        attributes.put("tenant", "red");
        CHANGES.forEach(change -> change.accept(builder));

        assertEquals(FULL, built);
        assertThrows(
                UnsupportedOperationException.class, () -> built.attributes().put("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAA/",
                "AAAAAAAAAAAAAAAAAAAAAA\n",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void aMalformedIdIsRefused(String id) {
        assertThrows(IllegalArgumentException.class, () -> SessionRecord.builder("alice", id));
    }

    @Test
    void aVersionAndAGenerationAreInTheirRanges() {
        long maxVersion = 1L << 53;
        for (long bad : new long[] {0, -1, Long.MIN_VALUE, maxVersion + 1, Long.MAX_VALUE}) {
            assertRefused("version must be 1 to 9007199254740992, was " + bad, builder -> builder.version(bad));
        }
        for (int bad : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertRefused("generation must be 1 to 2147483647, was " + bad, builder -> builder.generation(bad));
        }
        SessionRecord most = FULL.toBuilder()
                .version(maxVersion)
                .generation(Integer.MAX_VALUE)
                .build();
        assertEquals(List.of(maxVersion, Integer.MAX_VALUE), List.of(most.version(), most.generation()));
    }

    @Test
    void aRecordAtALimitIsAFaultOfTheStoreAndHasNoNext() {
        SessionRecord lastVersion = FULL.toBuilder().version(1L << 53).build();
        SessionRecord lastGeneration = FULL.toBuilder()
                .version((1L << 53) - 1)
                .generation(Integer.MAX_VALUE)
                .build();

        assertThrows(SessionStoreException.class, () -> lastVersion.touched(START, START));
        assertThrows(SessionStoreException.class, lastVersion::next);
        assertThrows(SessionStoreException.class, lastGeneration::nextGeneration);
        assertEquals(1L << 53, lastGeneration.touched(START, START).version());
    }

    @Test
    void deviceAndNetworkOfTheLoginAreCleanedAndCut() {
        SessionRecord session = FULL.toBuilder()
                .loginDevice(" a\n\u202eb " + "\ud83d\ude00".repeat(128))
                .loginNetwork("\t" + "n".repeat(65))
                .build();

        assertEquals("a b " + "\ud83d\ude00".repeat(124), session.loginDevice());
        assertEquals("n".repeat(64), session.loginNetwork());
        assertNull(FULL.toBuilder().loginDevice(" ").build().loginDevice());
    }

    @Test
    void refreshStateAndDeviceKeyArePrintableAndBounded() {
        SessionRecord longest = FULL.toBuilder()
                .refreshState("~".repeat(255))
                .deviceKey("!".repeat(1024))
                .build();
        assertEquals(255, longest.refreshState().length());
        assertEquals(1024, longest.deviceKey().length());

        for (String bad : List.of("", " ", "a b", "a\n", "\u007f", "\u00e9", "x".repeat(256))) {
            assertRefused(
                    "refreshState must be 1 to 255 printable ASCII characters without spaces",
                    builder -> builder.refreshState(bad));
        }
        for (String bad : List.of("", " ", "a b", "a\n", "\u007f", "\u00e9", "x".repeat(1025))) {
            assertRefused(
                    "deviceKey must be 1 to 1024 printable ASCII characters without spaces",
                    builder -> builder.deviceKey(bad));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "device", "a-0", "abcdefghijklmnopqrstuvwxyz-01234"})
    void aCategoryOfTheRightFormIsKept(String category) {
        assertEquals(category, FULL.toBuilder().category(category).build().category());
        assertEquals(
                category,
                SessionRecord.builder("alice", ID).category(category).build().category());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Device",
                "1st",
                "-a",
                "a b",
                "a_b",
                "a\n",
                "caf\u00e9",
                "\ud83d\ude00",
                "abcdefghijklmnopqrstuvwxyz-012345"
            })
    void aCategoryOfAnotherFormIsRefused(String category) {
        assertRefused(
                "category must be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter",
                builder -> builder.category(category));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "a\n", "caf\u00e9", "a b", "\u007f"})
    void anAttributeNameOfAnotherFormIsRefused(String name) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put(name, "value");

        RuntimeException refusal =
                assertThrows(RuntimeException.class, () -> FULL.toBuilder().attributes(attributes));
        assertEquals(name == null ? NullPointerException.class : IllegalArgumentException.class, refusal.getClass());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\nb", "\u001b[31m", "\u0085", "\ud800", "\ude00\ud83d"})
    void anAttributeValueWithControlCharactersIsRefused(String value) {
        assertRefused(
                "attributes must not contain control characters or lone surrogates: look at \"note\"",
                builder -> builder.attributes(Map.of("note", value)));
    }

    @Test
    void attributesAreBoundedAtSixteenEntriesAnd2048Characters() {
        assertEquals(
                entries(16), FULL.toBuilder().attributes(entries(16)).build().attributes());
        assertRefused("attributes must have at most 16 entries, had 17", builder -> builder.attributes(entries(17)));
        assertEquals(
                2044,
                FULL.toBuilder()
                        .attributes(Map.of("name", "x".repeat(2044)))
                        .build()
                        .attributes()
                        .get("name")
                        .length());
        assertRefused(
                "attributes must have at most 2048 characters, names and values together, had 2049",
                builder -> builder.attributes(Map.of("name", "x".repeat(2045))));
        assertRefused(
                "attributes must have at most 2048 characters, names and values together, had 2049",
                builder -> builder.attributes(Map.of("a", "x".repeat(1023), "b", "x".repeat(1024))));
        FULL.toBuilder().attributes(Map.of("n".repeat(64), ""));
        assertRefused(
                "attributes must have names of 1 to 64 printable ASCII characters without spaces",
                builder -> builder.attributes(Map.of("n".repeat(65), "")));
    }

    @Test
    void textThatIsHarmlessIsKeptAsAnAttribute() {
        Map<String, String> attributes = Map.of(
                "a", "", "b", " two  words ", "c", "\u202e\u2028", "d", "\ud83d\ude00", "e", "'; drop table x; --");

        assertEquals(attributes, FULL.toBuilder().attributes(attributes).build().attributes());
    }

    @Test
    void nullIsRefusedByName() {
        Map<String, Consumer<SessionRecord.Builder>> setters = Map.of(
                "client", builder -> builder.client(null),
                "category", builder -> builder.category(null),
                "attributes", builder -> builder.attributes(null),
                "createdAt", builder -> builder.createdAt(null),
                "lastActiveAt", builder -> builder.lastActiveAt(null),
                "expiresAt", builder -> builder.expiresAt(null),
                "authentication", builder -> builder.authentication(null));
        setters.forEach((name, setter) -> assertEquals(
                name,
                assertThrows(NullPointerException.class, () -> setter.accept(FULL.toBuilder()))
                        .getMessage()));
        assertThrows(NullPointerException.class, () -> SessionRecord.builder("alice", null));
        Map<String, String> withNull = new HashMap<>();
        withNull.put("note", null);
        assertThrows(NullPointerException.class, () -> FULL.toBuilder().attributes(withNull));
    }

    private static Map<String, String> entries(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "name" + i, i -> "value" + i));
    }

    private static void assertRefused(String message, Consumer<SessionRecord.Builder> setter) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> setter.accept(FULL.toBuilder()))
                        .getMessage());
    }
}
