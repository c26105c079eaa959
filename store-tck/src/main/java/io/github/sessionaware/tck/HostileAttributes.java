package io.github.sessionaware.tck;

import java.util.Map;

/** Valid attributes that a store must neither interpret nor change. */
@SuppressWarnings("ImmutableEnumChecker") // The maps are immutable, but their type is not.
enum HostileAttributes {
    NONE(Map.of()),
    EMPTY_VALUE(Map.of("empty", "")),
    ONLY_SPACES(Map.of("spaces", "   ", "trailing", "text  ", "leading", "  text")),
    SQL(Map.of("'--", "'; drop table sessions; --", "\"name\"", "''")),
    SEPARATORS(Map.of("a=b", "c=d;e=f", "a;b", "&x=y", "a,b", ",", ":", "::", "|", "a|b")),
    JSON(Map.of("\"", "\"", "{\"a\":1}", "[null,\"\\u0000\"]", "\\", "\\\\ \\n \\u00e9", "null", "null")),
    ESCAPES(Map.of("%00", "%2B+%20", "&amp;", "&#0;<br/>", "$1", "${x} #{x} {0} :x ?")),
    NAMES_THAT_DIFFER_IN_CASE(Map.of("role", "lower", "Role", "capital", "ROLE", "upper")),
    NAMES_OF_COLUMNS(Map.of("user_id", "x", "userId", "y", "version", "0", "__proto__", "z", "class", "w")),
    VALUES_THAT_LOOK_LIKE_NUMBERS(Map.of("0", "007", "1", "1e3", "2", "-0", "3", "9007199254740993", "4", "true")),
    EMOJI(Map.of("family", "\uD83D\uDC69\u200D\uD83D\uDC67 \uD83C\uDDE9\uD83C\uDDEA")),
    RIGHT_TO_LEFT(Map.of("place", "\u05E9\u05DC\u05D5\u05DD \u202Egnp.exe")),
    COMPOSED_AND_DECOMPOSED(Map.of("composed", "\u00E9", "decomposed", "e\u0301")),
    LINE_SEPARATORS(Map.of("lines", "a\u2028b\u2029c")),
    NONCHARACTERS(Map.of("none", "a\uFFFEb\uFFFFc" + Character.toString(0x10FFFF) + "\uE000\uFEFF"));

    final Map<String, String> attributes;

    HostileAttributes(Map<String, String> attributes) {
        this.attributes = attributes;
    }
}
