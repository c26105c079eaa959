package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.text;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.clientinfo.DeviceKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages, as HTML that works without scripts. {@link Html#text} escapes all text from requests and sessions. */
final class Pages {
    /** The category of the user's own logins. Others, such as those of support staff, are marked on the list. */
    private static final String DEVICE = "device";

    private Pages() {}

    static String signIn(String sentence, String error, Map<String, String> fields) {
        String demo = Users.DEMO.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(user -> "<li><b>%s</b> <code>%s</code></li>".formatted(user.getKey(), user.getValue()))
                .collect(Collectors.joining());
        return layout("Sign in", "", """
                <div class="narrow">
                <h1>Sign in</h1>
                <p class="lead">%s</p>
                %s
                <div class="card fields">%s</div>
                <section class="note" aria-label="Demo users"><p>This is a demo. Sign in as</p><ul>%s</ul></section>
                </div>
                """.formatted(text(sentence), alert(error), form("/sign-in", fields, """
                        <label for="user">User name</label>
                        <input id="user" name="user" autocomplete="username" autocapitalize="none" required autofocus>
                        <label for="password">Password</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required>
                        <button class="primary">Sign in</button>
                        """), demo));
    }

    static String home(AuthenticatedSession current, List<Session> notices, Map<String, String> fields) {
        return layout("Home", navigation("/", fields), """
                %s
                <h1>Hello, %s</h1>
                <p class="lead">You are signed in on %s.</p>
                <ul class="cards">
                  <li class="card"><h2><a href="/devices">Your devices</a></h2>
                    <p>Where you are signed in. Sign out what you have lost or do not know.</p></li>
                  <li class="card"><h2><a href="/password">Password</a></h2>
                    <p>A new one signs out all your other devices.</p></li>
                </ul>
                """.formatted(
                        banner(notices, fields), text(current.userId()), text(name(current.session()))));
    }

    static String devices(List<Session> sessions, List<Session> notices, Map<String, String> fields, Instant now) {
        Map<Boolean, String> items = sessions.stream()
                .collect(Collectors.partitioningBy(
                        Session::current,
                        Collectors.mapping(session -> device(session, fields, now), Collectors.joining())));
        String others = sessions.size() < 2
                ? "<p class=\"lead\">You are signed in nowhere else.</p>"
                : """
                <div class="heading">
                  <h2>Other devices</h2>
                  <a class="button danger" href="/devices/others">Sign out all</a>
                </div>
                <ul class="cards">%s</ul>
                """.formatted(items.get(false));
        return layout("Your devices", navigation("/devices", fields), """
                %s
                <h1>Your devices</h1>
                <p class="lead">Sign out what you do not know, and then <a href="/password">change your password</a>.</p>
                <ul class="cards">%s</ul>
                %s
                """.formatted(
                        banner(notices, fields), items.get(true), others));
    }

    private static String device(Session session, Map<String, String> fields, Instant now) {
        String name = name(session);
        String id = text(session.id());
        String heading = session.current() ? "h2" : "h3";
        String signOut = session.current()
                ? ""
                : form(
                        "/devices/" + id + "/sign-out",
                        fields,
                        "<button class=\"danger\" aria-label=\"Sign out %s\">Sign out</button>".formatted(text(name)));
        return """
                <li class="card device">
                  %s
                  <div class="about">
                    <%s>%s%s%s</%s>
                    <p>%s</p>
                    <p><span>Active %s</span> <span>signed in %s</span></p>
                  </div>
                  <div class="actions">
                    <details><summary>Rename</summary>%s</details>
                    %s
                  </div>
                </li>
                """.formatted(
                        Icons.of(DeviceKind.of(session.client())),
                        heading,
                        text(name),
                        session.current() ? " <span class=\"badge\">This device</span>" : "",
                        session.category().equals(DEVICE)
                                ? ""
                                : " <span class=\"badge\">%s</span>".formatted(text(session.category())),
                        heading,
                        text(place(session.client())),
                        Ago.html(session.lastActiveAt(), now),
                        Ago.html(session.createdAt(), now),
                        form("/devices/" + id + "/rename", fields, """
                                <label for="label-%s">Name of this device</label>
                                <input id="label-%s" name="label" maxlength="64" value="%s">
                                <button>Save</button>
                                """.formatted(id, id, text(session.label()))),
                        signOut);
    }

    static String confirmOthers(Map<String, String> fields) {
        return layout("Sign out all other devices", navigation("", fields), """
                <div class="narrow">
                <h1>Sign out all other devices?</h1>
                <p class="lead">Everywhere but here you will have to sign in again.</p>
                <div class="choice">
                %s
                <a class="button" href="/devices">Cancel</a>
                </div>
                </div>
                """.formatted(
                        form("/devices/others", fields, "<button class=\"danger solid\">Yes, sign them out</button>")));
    }

    static String password(String userId, String error, Map<String, String> fields) {
        return layout("Change password", navigation("/password", fields), """
                <div class="narrow">
                <h1>Change password</h1>
                <p class="lead">All your other devices will be signed out.</p>
                %s
                <div class="card fields">%s</div>
                </div>
                """.formatted(
                        alert(error),
                        form("/password", fields, """
                        <input name="user" autocomplete="username" value="%s" hidden>
                        <label for="current">Current password</label>
                        <input id="current" name="current" type="password" autocomplete="current-password" required>
                        <label for="next">New password, at least %d characters</label>
                        <input id="next" name="next" type="password" autocomplete="new-password" minlength="%d" required>
                        <button class="primary">Change it</button>
                        """.formatted(text(userId), Users.MIN_LENGTH, Users.MIN_LENGTH))));
    }

    static String confirm(String userId, String error, Map<String, String> fields) {
        return layout("Confirm it's you", navigation("", fields), """
                <div class="narrow">
                <h1>Confirm it's you</h1>
                %s
                <div class="card fields">%s</div>
                </div>
                """.formatted(
                        alert(error), form("/confirm", fields, """
                        <input name="user" autocomplete="username" value="%s" hidden>
                        <label for="password">Password</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required>
                        <button class="primary">Confirm</button>
                        """.formatted(text(userId)))));
    }

    static String message(String title, String sentence) {
        return layout(title, "", """
                <div class="narrow">
                <h1>%s</h1>
                <p class="lead">%s</p>
                <p><a class="button" href="/">Home</a></p>
                </div>
                """.formatted(text(title), text(sentence)));
    }

    static String name(Session session) {
        String device = session.client().device();
        return session.label() != null ? session.label() : device == null ? "Unknown device" : device;
    }

    private static String place(ClientInfo client) {
        String known = Stream.of(client.location(), client.ipAddress())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" · "));
        return known.isEmpty() ? "Place unknown" : known;
    }

    private static String banner(List<Session> notices, Map<String, String> fields) {
        return notices.stream()
                .map(session -> """
                <section class="banner" role="status">
                  <p><b>New sign-in</b> on %s. Wasn't you? <a href="/devices">Check your devices</a>.</p>
                  %s
                </section>
                """.formatted(
                        text(name(session)),
                        form("/notices/" + text(session.id()) + "/dismiss", fields, "<button>It was me</button>")))
                .collect(Collectors.joining());
    }

    private static String alert(String error) {
        return error.isEmpty() ? "" : "<p class=\"alert\" role=\"alert\">" + text(error) + "</p>";
    }

    private static String form(String action, Map<String, String> fields, String content) {
        String hidden = fields.entrySet().stream()
                .map(field -> "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                        .formatted(text(field.getKey()), text(field.getValue())))
                .collect(Collectors.joining());
        return "<form method=\"post\" action=\"%s\">%s%s</form>".formatted(action, hidden, content);
    }

    private static String navigation(String here, Map<String, String> fields) {
        return "<nav aria-label=\"Account\">" + link("/", "Home", here) + link("/devices", "Your devices", here)
                + link("/password", "Password", here) + "</nav>"
                + form("/sign-out", fields, "<button>Sign out</button>");
    }

    private static String link(String path, String name, String here) {
        return "<a href=\"%s\"%s>%s</a>".formatted(path, path.equals(here) ? " aria-current=\"page\"" : "", name);
    }

    private static String layout(String title, String navigation, String main) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s · Shop</title>
                <link rel="icon" href="/static/icon.svg">
                <link rel="stylesheet" href="/static/page.css">
                <script src="/static/page.js" defer></script>
                </head>
                <body>
                <header><div><a class="brand" href="/">%s Shop</a>%s</div></header>
                <main>%s</main>
                </body>
                </html>
                """.formatted(text(title), Icons.BRAND, navigation, main);
    }
}
