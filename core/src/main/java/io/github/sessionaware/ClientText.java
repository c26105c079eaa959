package io.github.sessionaware;

import org.jspecify.annotations.Nullable;

/**
 * Makes text from a client safe to store, log and show: one line, well-formed Unicode, no characters that change the
 * reading direction, and no longer than a limit in code points. Cleaning is idempotent.
 */
final class ClientText {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int REPLACEMENT = 0xFFFD;

    private ClientText() {}

    static @Nullable String clean(@Nullable String text, int maxCodePoints) {
        if (text == null) {
            return null;
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), 2 * maxCodePoints));
        int count = 0;
        boolean spacePending = false;
        boolean visible = false;
        for (int i = 0; i < text.length() && count < maxCodePoints; ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            switch (kindOf(codePoint)) {
                case DROPPED -> {}
                case SPACE -> spacePending = count > 0;
                case JOINER -> {
                    if (count > 0 && !spacePending) {
                        clean.appendCodePoint(codePoint);
                        count++;
                    }
                }
                case TEXT -> {
                    if (spacePending && count + 2 > maxCodePoints) {
                        return visible ? clean.toString() : null;
                    }
                    if (spacePending) {
                        clean.append(' ');
                        count++;
                        spacePending = false;
                    }
                    clean.appendCodePoint(
                            Character.getType(codePoint) == Character.SURROGATE ? REPLACEMENT : codePoint);
                    count++;
                    visible |= isVisible(codePoint);
                }
            }
        }
        return visible ? clean.toString() : null;
    }

    /**
     * A mark alone shows nothing, because it changes the character before it. Blanks and noncharacters show nothing
     * either. A character that this Java platform does not know yet may be a new emoji, so it counts as visible.
     */
    private static boolean isVisible(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.NON_SPACING_MARK
                && type != Character.ENCLOSING_MARK
                && !isBlank(codePoint)
                && !isNoncharacter(codePoint);
    }

    /** Fillers of Hangul, the empty Braille pattern, the object replacement, a null notehead, two blanks. */
    private static boolean isBlank(int codePoint) {
        return switch (codePoint) {
            case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0xFFFC, 0x1D159, 0x13441, 0x13442 -> true;
            default -> false;
        };
    }

    /** Unicode never assigns these code points. */
    private static boolean isNoncharacter(int codePoint) {
        return (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
    }

    /**
     * Unicode shows nothing for these code points (Default_Ignorable_Code_Point), assigned or not. The variation
     * selectors among them are marks, and they stay, because they choose the form of a character in names.
     */
    private static boolean isIgnorable(int codePoint) {
        return codePoint == 0x180F
                || codePoint == 0x2065
                || (codePoint >= 0xFFF0 && codePoint <= 0xFFF8)
                || (codePoint >= 0xE0000
                        && codePoint <= 0xE0FFF
                        && Character.getType(codePoint) != Character.NON_SPACING_MARK);
    }

    private static Kind kindOf(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> Kind.SPACE;
            // These characters are invisible: direction marks and overrides, for instance, and tags, which can hide
            // text.
            case Character.FORMAT ->
                codePoint == ZERO_WIDTH_JOINER || codePoint == ZERO_WIDTH_NON_JOINER ? Kind.JOINER : Kind.DROPPED;
            default -> isIgnorable(codePoint) ? Kind.DROPPED : Kind.TEXT;
        };
    }

    private enum Kind {
        TEXT,
        /** Shapes the character before it, in emoji and in several scripts; alone it is invisible. */
        JOINER,
        SPACE,
        DROPPED
    }
}
