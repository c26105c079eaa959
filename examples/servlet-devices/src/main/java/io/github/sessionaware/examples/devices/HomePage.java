package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.text;

import io.github.sessionaware.Session;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first page after sign-in.
 *
 * @param current the session that makes the request
 * @param notices the sign-ins to ask about
 * @param outcome what the form before has done; null if there was none
 * @param fields the hidden fields of the forms
 */
record HomePage(
        String userId,
        Session current,
        List<Session> notices,
        @Nullable Outcome outcome,
        Map<String, String> fields,
        Instant now) {
    String html() {
        return Layout.page("Home", "/", fields, """
                %s
                %s
                <h1>Hello, %s</h1>
                <p class="lead">You're signed in on %s.</p>
                <ul class="cards two">
                  <li class="card"><h2><a href="/devices">Your devices</a></h2>
                    <p>See where you're signed in. Sign out any device you don't recognize.</p></li>
                  <li class="card"><h2><a href="/password">Password</a></h2>
                    <p>Change it here. That signs out all your other devices.</p></li>
                </ul>
                """.formatted(
                        Outcome.html(outcome),
                        NoticesBanner.html(notices, current, "/", fields, now),
                        text(userId),
                        DeviceName.html(current)));
    }
}
