package io.github.sessionaware.tck;

/** Text that a browser or an attacker may send as a user agent. */
enum HostileText {
    SQL("'; drop table sessions; --"),
    QUOTES("'single' ''twice'' \"double\" `backtick` \u2018curly\u2019"),
    BACKSLASHES("\\ \\\\ \\n \\' C:\\temp\\"),
    WILDCARDS("100% of_all [a-z]* ? .*"),
    PLACEHOLDERS(":device :userId ? ?1 $1 ${device} #{device} <table> {0} %s"),
    SQL_COMMENTS("/* open -- line # hash"),
    HTML("<script>alert(\"1\")</script>&amp;&#0;"),
    JSON("{\"device\":null,\"a\":[\"\\u0000\"]}"),
    THE_WORD_NULL("null"),
    EMOJI("\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66 \uD83C\uDDE9\uD83C\uDDEA \u2764\uFE0F"),
    RIGHT_TO_LEFT("\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 \u202Egnp.exe"),
    COMBINING("e\u0301 Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319\u0324 \u00E9"),
    CONTROL_CHARACTERS("a\u0000b\u0001c\u001Bd\u007Fe"),
    LINE_BREAKS("GET / HTTP/1.1\r\nSet-Cookie: a=b\n\u2028\u2029\u0085end"),
    LONE_SURROGATES("a\uD83Db\uDE00c"),
    NONCHARACTERS("a\uFFFEb\uFFFFc" + Character.toString(0x10FFFF)),
    PRIVATE_USE("\uE000\uF8FF" + Character.toString(0xF0000)),
    TRAILING_SPACES("text   "),
    ONLY_SPACES("   "),
    EMPTY(""),
    VERY_LONG("Mozilla/5.0 ".repeat(6000)),
    VERY_LONG_EMOJI("\uD83D\uDE00".repeat(20000));

    final String text;

    HostileText(String text) {
        this.text = text;
    }
}
