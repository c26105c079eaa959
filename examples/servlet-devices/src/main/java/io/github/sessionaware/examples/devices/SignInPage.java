package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.form;
import static io.github.sessionaware.examples.devices.Html.text;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page on which a user signs in.
 *
 * @param sentence why the user has to sign in
 * @param error why the form was refused; empty if it was not
 * @param user the user name that was given; empty if none was
 * @param fields the hidden fields of the form, such as the page to return to
 */
record SignInPage(String sentence, String error, String user, Map<String, String> fields) {
    String html() {
        String demo = Users.DEMO.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> "<li><b>%s</b> <code>%s</code></li>".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining());
        // The field with the focus names the sentence as its description, so that screen readers read it first.
        String described = "aria-describedby=\"%s\"".formatted(error.isEmpty() ? "why" : "problem");
        return Layout.page("Sign in", """
                <div class="narrow">
                <h1>Sign in</h1>
                <p class="lead" id="why">%s</p>
                %s
                %s
                <p class="more"><a href="/password">Change your password</a></p>
                <section class="note" aria-label="Demo users"><p>This is a demo. Sign in as</p><ul>%s</ul></section>
                </div>
                """.formatted(
                        text(sentence),
                        Layout.problem(error),
                        form("/sign-in", "card fields", fields, """
                                <label for="user">User name</label>
                                <input id="user" name="user" value="%s" autocomplete="username" autocapitalize="none" spellcheck="false" required %s>
                                <label for="password">Password</label>
                                <input id="password" name="password" type="password" autocomplete="current-password" required %s>
                                <button class="primary">Sign in</button>
                                """.formatted(
                                        text(user),
                                        user.isEmpty() ? "autofocus " + described : "",
                                        user.isEmpty() ? "" : "autofocus " + described)),
                        demo));
    }
}
