package io.github.sessionaware.examples.devices;

import java.time.Duration;

/** Why a form was refused, for the place above its fields. */
final class FormErrors {
    static final String WRONG_SIGN_IN = "The user name or password is incorrect.";
    static final String WRONG_PASSWORD = "That password is incorrect.";
    static final String WRONG_CURRENT_PASSWORD = "The user name or current password is incorrect.";
    static final String PASSWORD_JUST_CHANGED = "Your password has just been changed. Use the new one.";
    static final String PASSWORD_LENGTH =
            "Choose a password of %d to %d characters.".formatted(Users.MIN_LENGTH, Users.MAX_LENGTH);
    static final String DEVICE_NAME = "Choose a name of up to 64 characters, at least one of them visible.";

    private FormErrors() {}

    /** For status 429. */
    static String tooManyTries(Duration wait) {
        return "Too many tries. Try again in about " + Ago.wait(wait) + ".";
    }
}
