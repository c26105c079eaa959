package io.github.sessionaware;

import org.jspecify.annotations.Nullable;

/**
 * What a name that is compared may look like: a user id, an issuer, an audience. It is refused rather than repaired, so
 * that two of them never become one.
 */
final class Identifiers {
    static final int MAX_CODE_POINTS = 255;

    private Identifiers() {}

    static String requireValid(@Nullable String identifier, String parameter) {
        if (identifier == null) {
            throw new IllegalArgumentException(parameter + " must not be null");
        }
        if (identifier.isBlank()) {
            throw new IllegalArgumentException(parameter + " must not be blank");
        }
        // The count of chars bounds the work on a huge string before its code points are counted.
        if (identifier.length() > 2 * MAX_CODE_POINTS
                || identifier.codePointCount(0, identifier.length()) > MAX_CODE_POINTS) {
            throw new IllegalArgumentException(parameter + " must not be over " + MAX_CODE_POINTS + " code points");
        }
        if (!identifier.codePoints().allMatch(Identifiers::isAllowed)) {
            throw new IllegalArgumentException(parameter + " must not contain control characters or lone surrogates");
        }
        return identifier;
    }

    static boolean isValid(@Nullable String identifier) {
        try {
            requireValid(identifier, "identifier");
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isAllowed(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE -> false;
            default -> true;
        };
    }
}
