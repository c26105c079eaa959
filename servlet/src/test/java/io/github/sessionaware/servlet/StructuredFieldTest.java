package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.servlet.StructuredField.Item;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields of the draft, as it writes them and as Chromium does. */
class StructuredFieldTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"a b\", a b",
                "\"a\\\"b\\\\\", a\"b\\",
                "abc, abc",
                "1abc, 1abc",
                "eyJ0.eyJq.x-_Y, eyJ0.eyJq.x-_Y",
                "s~YQ~AAAA, s~YQ~AAAA",
                "\"a\";b, a",
                "\"a\";b=1; c=\"d;e\", a",
                "abc;d=e, abc",
            })
    void aStringIsReadWithItsQuotesOrWithout(String field, String expected) {
        assertEquals(Optional.of(expected), StructuredField.string(List.of(field)));
        assertEquals(Optional.of(expected), StructuredField.string(List.of("  " + field + " ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\"",
                "\"\"",
                "\"a",
                "a\"",
                "\"a\"b",
                "\"a\" b",
                "\"a\\b\"",
                "\"a\tb\"",
                "\"\u00e9\"",
                "a b",
                "a,b",
                "(a)",
                "a;",
                "a;b=",
                "a;=b",
                "a;B=c",
                "a;1=c",
                "a;b=\"c",
                "?1 x",
                "\u00e9",
                "@",
                "=",
                "\0",
                "\ud800"
            })
    void aFieldOfAnotherFormIsIgnored(String field) {
        assertEquals(Optional.empty(), StructuredField.string(List.of(field)));
    }

    /** Values of all types that a bare item may have (RFC 9651, section 3.3). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-0",
                "999999999999999",
                "-123456789012.345",
                "\"a;b\"",
                "a",
                "*a:/b",
                "::",
                ":YWI=:",
                ":YWI:",
                ":+/+/:",
                "?0",
                "?1",
                "@1659578233",
                "@-1",
                "%\"\"",
                "%\"a+b %c3%bc\"",
            })
    void aParameterOfEachTypeIsIgnored(String value) {
        assertEquals(Optional.of("a"), StructuredField.string(List.of("\"a\";v=" + value)));
        assertEquals(Optional.of("a"), StructuredField.string(List.of("a;v=" + value + "; w=1;*x_-.*9=1")));
        assertEquals(
                List.of(new Item("a", "1"), new Item("b", null)),
                StructuredField.tokens(List.of("a;v=" + value + ";p=1, b"), "p"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1a",
                "1.",
                ".1",
                "--1",
                "-",
                "1.2345",
                "1234567890123.1",
                "1234567890123456",
                ":",
                ":YWI=",
                ":Y:",
                ":Y=WI:",
                ":Y-_I:",
                ":YW I:",
                "?",
                "?2",
                "?10",
                "@",
                "@a",
                "@1.5",
                "%",
                "%a",
                "%\"a",
                "%\"%\"",
                "%\"%c\"",
                "%\"%C3%BC\"",
                "%\"%+1\"",
                "%\"%c3\"",
                "%\"\u00e9\"",
                "(a)",
            })
    void aParameterOfNoTypeMakesTheFieldMalformed(String value) {
        assertEquals(Optional.empty(), StructuredField.string(List.of("\"a\";v=" + value)));
        assertEquals(List.of(), StructuredField.tokens(List.of("a;v=" + value + ";p=1, b"), "p"));
    }

    @Test
    void aMissingRepeatedOrHugeFieldIsIgnored() {
        assertEquals(Optional.empty(), StructuredField.string(List.of()));
        assertEquals(Optional.empty(), StructuredField.string(List.of("\"a\"", "\"a\"")));
        assertEquals(Optional.empty(), StructuredField.string(List.of("A".repeat(64 * 1024))));
        assertEquals(List.of(), StructuredField.tokens(List.of("a,".repeat(64 * 1024)), "b"));
        assertEquals(List.of(), StructuredField.tokens(List.of("a," + "a,".repeat(100) + "a"), "b"));
    }

    @Test
    void aListIsReadWithOneParameterOfEachItem() {
        assertEquals(
                List.of(new Item("unreachable", "1"), new Item("quota_exceeded", null), new Item("server_error", "x")),
                StructuredField.tokens(
                        List.of(
                                "unreachable;session_identifier=\"1\",quota_exceeded",
                                "server_error;a=1;session_identifier=x"),
                        "session_identifier"));
        assertEquals(List.of(), StructuredField.tokens(List.of("a, \"b\""), "x"));
        assertEquals(List.of(), StructuredField.tokens(List.of("a b"), "x"));
        for (String malformed : List.of("a,", "a, ", ",", "a,,b", "1a", "a, 1a", "")) {
            assertEquals(List.of(), StructuredField.tokens(List.of(malformed), "x"), malformed);
        }
    }
}
