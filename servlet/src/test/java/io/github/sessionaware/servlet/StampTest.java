package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampTest {
    @Test
    void aStampIsReadAsItIsWritten() {
        for (Stamp stamp : List.of(
                new Stamp(1_772_359_200_000L, 1_772_359_200_001L, "-_-aB9", "____"),
                new Stamp(0, 0, "------", "----"),
                new Stamp(3_656_158_440_062_975L, 3_656_158_440_062_975L, "aaaaaa", "bbbb"))) {
            assertEquals(Optional.of(stamp), Stamp.parse(stamp.toString()));
            assertTrue(stamp.toString().length() <= Stamp.MAX_LENGTH);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "a-b-ccccccddd",
                "a-b-ccccccddddd",
                "00a-b-ccccccdddd",
                "a-0b-ccccccdddd",
                "-1-b-ccccccdddd",
                "A-b-ccccccdddd",
                "zzzzzzzzzzz-b-ccccccdddd",
                "99999999999999999999999999-b-ccccccdddd",
                "a-b-cccccc dddd",
                "a-b-cccccc\u00e9ddd",
                "a-b-ccccccdddd-",
                "\u0661-b-ccccccdddd"
            })
    void anotherFormIsNoStamp(String text) {
        assertEquals(Optional.empty(), Stamp.parse(text));
    }

    @Test
    void aRefreshDoesNotChangeTheOrderOfTwoLoginsOfTheSameMillisecond() {
        Stamp first = new Stamp(1, 1, "aaaaaa", "zzzz");
        Stamp firstRefreshed = new Stamp(1, 9, "aaaaaa", "aaaa");
        Stamp second = new Stamp(1, 1, "bbbbbb", "aaaa");

        assertEquals(
                List.of(first, firstRefreshed, second),
                List.of(second, firstRefreshed, first).stream().sorted().toList());
    }

    @Test
    void theLatestLoginIsGreatestAndThenItsLatestTokens() {
        Stamp first = new Stamp(1, 1, "aaaaaa", "zzzz");
        Stamp firstRefreshed = new Stamp(1, 9, "aaaaaa", "aaaa");
        Stamp second = new Stamp(2, 2, "aaaaaa", "aaaa");

        assertEquals(
                List.of(first, firstRefreshed, second),
                List.of(second, firstRefreshed, first).stream().sorted().toList());
    }
}
