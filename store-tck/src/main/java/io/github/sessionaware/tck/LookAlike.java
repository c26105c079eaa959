package io.github.sessionaware.tck;

/** Pairs of user ids that a database, a collation or a reader may confuse. */
enum LookAlike {
    FIRST_LETTER("bob-*", "Bob-*"),
    ALL_CAPITALS("*-bob", "*-BOB"),
    TRAILING_SPACE("bob-*", "bob-* "),
    TWO_TRAILING_SPACES("bob-* ", "bob-*  "),
    LEADING_SPACE("bob-*", " bob-*"),
    INNER_SPACES("bob *", "bob  *"),
    TRAILING_NO_BREAK_SPACE("bob-* ", "bob-*\u00A0"),
    COMPOSED_AND_DECOMPOSED("*-ren\u00E9", "*-rene\u0301"),
    ACCENT("*-rene", "*-ren\u00E9"),
    SHARP_S("*-strasse", "*-stra\u00DFe"),
    CAPITAL_SHARP_S("*-stra\u1E9Ee", "*-stra\u00DFe"),
    DOTLESS_I("*-ali", "*-al\u0131"),
    CAPITAL_DOTTED_I("*-ali", "*-al\u0130"),
    FULL_WIDTH("*-bob", "*-\uFF42\uFF4F\uFF42"),
    LIGATURE("*-fi", "*-\uFB01"),
    ZERO_WIDTH_JOINER("*-bob", "*-bo\u200Db"),
    ZERO_WIDTH_SPACE_AT_THE_END("*-bob", "*-bob\u200B"),
    SOFT_HYPHEN("*-bob", "*-bo\u00ADb"),
    CYRILLIC_O("*-bob", "*-b\u043Eb"),
    FINAL_SIGMA("*-\u03C3", "*-\u03C2"),
    KANA("*-\u3042", "*-\u30A2"),
    TWO_EMOJI("*-\uD83D\uDE00", "*-\uD83D\uDE01"),
    VARIATION_SELECTOR("*-\u2764", "*-\u2764\uFE0F"),
    LEADING_ZERO("0*", "00*");

    private final String one;
    private final String other;

    LookAlike(String one, String other) {
        this.one = one;
        this.other = other;
    }

    String one(String random) {
        return one.replace("*", random);
    }

    String other(String random) {
        return other.replace("*", random);
    }
}
