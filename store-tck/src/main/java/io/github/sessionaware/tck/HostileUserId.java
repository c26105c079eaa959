package io.github.sessionaware.tck;

/** Valid user ids that a store must not interpret. */
enum HostileUserId {
    ALWAYS_TRUE("' OR '1'='1"),
    COMMENT("'--"),
    SECOND_STATEMENT("'; delete from sessions; --"),
    PERCENT("%"),
    UNDERSCORE("_"),
    STAR("*"),
    REGULAR_EXPRESSION(".*"),
    CHARACTER_CLASS("[a-z]"),
    BACKSLASH("\\"),
    ESCAPED_QUOTE("\\'"),
    NAMED_PARAMETER(":userId"),
    POSITIONAL_PARAMETER("?"),
    NUMBERED_PARAMETER("$1"),
    TEMPLATE("${userId}"),
    TRAILING_DOTS("..."),
    PATH("../../x"),
    COLONS("a::b:c"),
    THE_WORD_NULL("null"),
    ZERO("0"),
    COMMA_LIST("x,y"),
    HTML("<b>x</b>");

    final String text;

    HostileUserId(String text) {
        this.text = text;
    }
}
