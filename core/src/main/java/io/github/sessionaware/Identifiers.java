package io.github.sessionaware;

import org.jspecify.annotations.Nullable;

/**
 * Checks names that are compared: user ids, issuers, audiences. An invalid name is refused and not repaired, so that
 * two different names never become equal.
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

    static boolean isAllowed(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE -> false;
            default -> true;
        };
    }
}
