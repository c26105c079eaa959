package io.github.sessionaware.tck;

import static io.github.sessionaware.tck.ContractFixture.LATER;
import static io.github.sessionaware.tck.ContractFixture.LATER_DEADLINE;
import static io.github.sessionaware.tck.ContractFixture.LOGIN;
import static io.github.sessionaware.tck.ContractFixture.aSession;
import static io.github.sessionaware.tck.ContractFixture.aUser;
import static io.github.sessionaware.tck.ContractFixture.assertSame;
import static io.github.sessionaware.tck.ContractFixture.assertStored;
import static io.github.sessionaware.tck.ContractFixture.createAll;
import static io.github.sessionaware.tck.ContractFixture.delete;
import static io.github.sessionaware.tck.ContractFixture.emoji;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionTimeouts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each part of a record that is not in every record comes back as it was written, up to its limit. */
interface PartRules extends Rules {

    /** @hidden */
    @Test
    default void refreshStateIsKept() {
        String longest = "~!" + "x".repeat(253);
        assertKept(
                store(),
                "A store must keep a refresh state of up to 255 ASCII characters, or null",
                List.of(
                        session -> session.refreshState(null),
                        session -> session.refreshState("x"),
                        session -> session.refreshState("-"),
                        session -> session.refreshState(longest),
                        session -> session.refreshState(longest.toUpperCase(Locale.ROOT))));
    }

    /** @hidden */
    @Test
    default void labelAuthenticationAndTimeoutsAreKept() {
        assertKept(
                store(),
                "A store must keep label, authentication and timeouts",
                List.of(
                        session -> session.label("kitchen tablet"),
                        session -> session.label(emoji(64)),
                        session -> session.authentication(new Authentication(LATER, List.of("pwd", "OTP", "pwd"))),
                        session -> session.authentication(new Authentication(LOGIN, List.of("x".repeat(255)))),
                        session -> session.timeouts(SessionTimeouts.NIST_AAL3),
                        session -> session.timeouts(new SessionTimeouts(Duration.ofMillis(1), Duration.ofDays(3650)))));
    }

    /** @hidden */
    @Test
    default void categoryIsKept() {
        assertKept(
                store(),
                "A store must keep a category of up to 32 characters",
                List.of(
                        session -> session.category("d"),
                        session -> session.category("api"),
                        session -> session.category("a-0123456789-bcdefghijklmnopqrs-")));
    }

    /** @hidden */
    @Test
    default void generationIsKept() {
        assertKept(
                store(),
                "A store must keep a generation up to the largest int",
                List.of(
                        session -> session.generation(2),
                        session -> session.generation(40_000),
                        session -> session.generation(Integer.MAX_VALUE)));
    }

    /** @hidden */
    @Test
    default void deviceKeyIsKept() {
        String ascii =
                IntStream.rangeClosed('!', '~').mapToObj(Character::toString).collect(Collectors.joining());
        assertKept(
                store(),
                "A store must keep a device key of up to 1,024 ASCII characters, or null",
                List.of(
                        session -> session.deviceKey(null),
                        session -> session.deviceKey("x"),
                        session -> session.deviceKey("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"'\\\\\"}"),
                        session -> session.deviceKey(ascii.repeat(11).substring(0, 1024))));
    }

    /** @hidden */
    @Test
    default void deviceAndNetworkOfTheLoginAreKept() {
        assertKept(
                store(),
                "A store must keep the device of the login, of up to 128 code points, and its network, of up to 64",
                List.of(
                        session -> session.loginDevice(null).loginNetwork("192.0.2"),
                        session -> session.loginDevice("Firefox on Linux").loginNetwork(null),
                        session -> session.loginDevice("<b>'\"\\%_").loginNetwork("2001:db8:0"),
                        session -> session.loginDevice(emoji(128)).loginNetwork(emoji(64))));
    }

    /** @hidden */
    @ParameterizedTest
    @EnumSource
    default void hostileAttributesAreKeptUnchanged(HostileAttributes hostile) {
        assertKept(
                store(),
                "A store must not change or interpret attributes",
                List.of(session -> session.attributes(hostile.attributes)));
    }

    /** @hidden */
    @Test
    default void attributesAreKeptUpToTheirLimits() {
        assertKept(
                store(),
                "A store must keep 16 attributes, and 2,048 characters of any kind",
                List.of(
                        session -> session.attributes(sixteenAttributes()),
                        session -> session.attributes(Map.of("n".repeat(64), "v".repeat(1984))),
                        session -> session.attributes(Map.of("name", "\uFFFD".repeat(2044))),
                        session -> session.attributes(Map.of("name", "\uD83D\uDE00".repeat(1022))),
                        session -> session.attributes(Map.of("\"\\\"\\", "\"\\".repeat(1022)))));
    }

    /** @hidden */
    @Test
    default void authenticationMethodsWithPunctuationAreKept() {
        assertKept(
                store(),
                "A store must keep each authentication method, in its order",
                Stream.of(
                                List.of("a,b", "c"),
                                List.of("a", "b,c"),
                                List.of("\"", "'", "\\", "\\\"", "[]", "{}", ";|:"),
                                List.of("m,\"\\".repeat(31), "x".repeat(130)))
                        .map(methods -> (UnaryOperator<SessionRecord.Builder>)
                                session -> session.authentication(new Authentication(LOGIN, methods)))
                        .toList());
    }

    /** @hidden */
    @Test
    default void recordWithEveryPartAtItsLimitIsKept() {
        SessionStore store = store();
        SessionRecord session = aSession(emoji(255), "x".repeat(64)).toBuilder()
                .generation(Integer.MAX_VALUE)
                .category("c".repeat(32))
                .client(new ClientInfo(emoji(128), emoji(512), emoji(64), emoji(128)))
                .label(emoji(64))
                .attributes(Map.of("name", "\uFFFD".repeat(2044)))
                .authentication(new Authentication(LATER, List.of("m".repeat(255))))
                .timeouts(new SessionTimeouts(Duration.ofDays(3650), Duration.ofDays(3650)))
                .refreshState("r".repeat(255))
                .deviceKey("k".repeat(1024))
                .loginDevice(emoji(128))
                .loginNetwork(emoji(64))
                .build();

        createAll(store, List.of(session));
        assertStored(store, session, "A store must keep a record in which every part is at its limit");

        assertTrue(store.touch(session, LATER, LATER_DEADLINE), "touch of an unchanged record must return true");
        assertEquals(
                Optional.of(session.touched(LATER, LATER_DEADLINE)),
                delete(store, session),
                "A store must keep a record in which every part is at its limit");
    }

    private static Map<String, String> sixteenAttributes() {
        return IntStream.rangeClosed(1, 16).boxed().collect(Collectors.toMap(i -> "name-" + i, i -> "value " + i));
    }

    private static void assertKept(
            SessionStore store, String rule, List<UnaryOperator<SessionRecord.Builder>> changes) {
        String user = aUser();
        List<SessionRecord> sessions = changes.stream()
                .map(change -> change.apply(aSession(user).toBuilder()).build())
                .toList();

        createAll(store, sessions);

        for (SessionRecord session : sessions) {
            assertStored(store, session, rule);
        }
        assertSame(sessions, store.deleteAll(user, null), rule + " (deleteAll)");
    }
}
