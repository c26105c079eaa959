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

    /**
     * Letters and symbols that show nothing: fillers of Hangul, the empty Braille pattern, a null notehead, two blanks.
     */
    private static final String BLANKS = "\u115F\u1160\u3164\uFFA0\u2800\uD834\uDD59\uD80D\uDC41\uD80D\uDC42";

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
     * A mark alone shows nothing, because it changes the character before it. Fillers and blanks show nothing either.
     */
    private static boolean isVisible(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.NON_SPACING_MARK && type != Character.ENCLOSING_MARK && BLANKS.indexOf(codePoint) < 0;
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
            default -> Kind.TEXT;
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
