package io.github.sessionaware.examples.devices;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells users why they have to sign in. A URL carries only the name of a reason, so that no link can change the text.
 */
enum Ended {
    NOT("Sign in to see your account."),
    SIGNED_OUT("You are signed out."),
    ELSEWHERE("This device was signed out: from another device of yours, or because your password was changed."),
    BY_TIME("You were signed out because you were away for a long time."),
    FOR_SAFETY(
            "Another person may have used a copy of your sign-in, so this device was signed out. Change your password.");

    private final String sentence;

    Ended(String sentence) {
        this.sentence = sentence;
    }

    static Ended of(Reason reason) {
        return switch (reason) {
            case SESSION_ENDED -> ELSEWHERE;
            case SESSION_EXPIRED -> BY_TIME;
            case REFRESH_TOKEN_REUSED -> FOR_SAFETY;
            default -> NOT;
        };
    }

    static Ended named(@Nullable String query) {
        return Stream.of(values())
                .filter(ended -> ended.query().equals("why=" + query))
                .findFirst()
                .orElse(NOT);
    }

    String query() {
        return "why=" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String sentence() {
        return sentence;
    }
}
