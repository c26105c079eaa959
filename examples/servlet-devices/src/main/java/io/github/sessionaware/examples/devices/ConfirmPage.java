package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.form;
import static io.github.sessionaware.examples.devices.Html.text;

import java.util.Map;

/**
 * The page on which a signed-in user gives the password again, before the other sessions end or the password changes.
 *
 * @param error why the form was refused; empty if it was not
 * @param fields the hidden fields of the forms, such as the page to return to
 */
record ConfirmPage(String userId, String error, Map<String, String> fields) {
    String html() {
        return Layout.page("Confirm it's you", "", fields, """
                <div class="narrow">
                <h1>Confirm it's you</h1>
                <p class="lead" id="why">Enter your password to continue. We ask because this affects your other devices.</p>
                %s
                %s
                </div>
                """.formatted(
                        Layout.problem(error), form("/confirm", "card fields", fields, """
                                <p>Signed in as <b>%s</b></p>
                                <input name="user" autocomplete="username" value="%s" hidden>
                                <label for="password">Password</label>
                                <input id="password" name="password" type="password" autocomplete="current-password" required autofocus aria-describedby="%s">
                                <div class="choice">
                                  <button class="primary">Continue</button>
                                  <a class="button" href="/devices">Cancel</a>
                                </div>
                                """.formatted(
                                        text(userId), text(userId), error.isEmpty() ? "why" : "problem"))));
    }
}
