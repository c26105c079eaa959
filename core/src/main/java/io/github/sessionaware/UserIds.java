package io.github.sessionaware;

import org.jspecify.annotations.Nullable;

/** What a user id may look like. An identity is refused rather than repaired: two users must never become one. */
final class UserIds {
    static final int MAX_CODE_POINTS = 255;

    private UserIds() {}

    static String requireValid(@Nullable String userId, String parameter) {
        if (userId == null) {
            throw new IllegalArgumentException(parameter + " must not be null");
        }
        if (userId.isBlank()) {
            throw new IllegalArgumentException(parameter + " must not be blank");
        }
        // The count of chars bounds the work on a huge string before its code points are counted.
        if (userId.length() > 2 * MAX_CODE_POINTS || userId.codePointCount(0, userId.length()) > MAX_CODE_POINTS) {
            throw new IllegalArgumentException(parameter + " must not be over " + MAX_CODE_POINTS + " code points");
        }
        if (!userId.codePoints().allMatch(UserIds::isAllowed)) {
            throw new IllegalArgumentException(parameter + " must not contain control characters or lone surrogates");
        }
        return userId;
    }

    private static boolean isAllowed(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE -> false;
            default -> true;
        };
    }
}
