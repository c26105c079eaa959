package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.form;
import static io.github.sessionaware.examples.devices.Html.text;

import java.util.Map;

/**
 * The page on which a user changes the password, also without a session.
 *
 * @param isSignedIn whether a session made the request
 * @param userId the user; without a session the one that was given, or empty
 * @param error why the form was refused; empty if it was not
 * @param fields the hidden fields of the forms
 */
record PasswordPage(boolean isSignedIn, String userId, String error, Map<String, String> fields) {
    String html() {
        String title = "Change password";
        return isSignedIn ? Layout.page(title, "/password", fields, main()) : Layout.page(title, main());
    }

    private String main() {
        String user = isSignedIn
                ? "<input name=\"user\" autocomplete=\"username\" value=\"%s\" hidden>".formatted(text(userId))
                : """
                <label for="user">User name</label>
                <input id="user" name="user" value="%s" autocomplete="username" autocapitalize="none" spellcheck="false" required>
                """.formatted(text(userId));
        return """
                <div class="narrow">
                <h1>Change your password</h1>
                <p class="lead">All your other devices will be signed out.</p>
                %s
                %s
                </div>
                """.formatted(Layout.problem(error), form("/password", "card fields", fields, """
                                %s
                                <label for="current">Current password</label>
                                <input id="current" name="current" type="password" autocomplete="current-password" required%s>
                                <label for="next">New password</label>
                                <input id="next" name="next" type="password" autocomplete="new-password" minlength="%d" required aria-describedby="rule">
                                <p id="rule">At least %d characters</p>
                                <div class="choice">
                                  <button class="primary">Change password</button>
                                  <a class="button" href="%s">Cancel</a>
                                </div>
                                """.formatted(
                        user,
                        error.isEmpty() ? "" : " autofocus aria-describedby=\"problem\"",
                        Users.MIN_LENGTH,
                        Users.MIN_LENGTH,
                        isSignedIn ? "/devices" : "/sign-in")));
    }
}
