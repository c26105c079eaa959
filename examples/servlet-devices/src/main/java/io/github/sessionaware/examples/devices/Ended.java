package io.github.sessionaware.examples.devices;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.util.Optional;

/** Tells users why they have to sign in. */
enum Ended {
    NOT("Sign in to see your account."),
    SIGNED_OUT("You're signed out."),
    ELSEWHERE("This device was signed out, from another of your devices or because your password was changed."),
    BY_TIME("You were signed out because you hadn't been here for a while."),
    FOR_SAFETY(
            "Someone else may have used a copy of your sign-in, so this device was signed out. Change your password.");

    private final String sentence;

    Ended(String sentence) {
        this.sentence = sentence;
    }

    static Ended of(Optional<Reason> reason) {
        return reason.map(ended -> switch (ended) {
                    case SESSION_ENDED -> ELSEWHERE;
                    case SESSION_EXPIRED -> BY_TIME;
                    case REFRESH_TOKEN_REUSED -> FOR_SAFETY;
                    default -> NOT;
                })
                .orElse(NOT);
    }

    String sentence() {
        return sentence;
    }
}
