package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.form;
import static io.github.sessionaware.examples.devices.Html.hidden;
import static io.github.sessionaware.examples.devices.Html.text;

import io.github.sessionaware.Session;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks for a confirmation before sessions end. */
final class SignOutPage {
    /** The form field for the ids of a group's further sessions. */
    static final String ALSO = "also";

    /** More would push the buttons below the screen. */
    private static final int SHOWN = 5;

    private SignOutPage() {}

    static String of(Session session, Map<String, String> fields, Instant now) {
        if (session.current()) {
            return page(
                    "Sign out this device?",
                    "",
                    "You'll have to sign in again here.",
                    form("/sign-out", fields, "<button class=\"danger solid\">Sign out</button>"),
                    fields);
        }
        return page(
                "Sign out " + DeviceName.of(session) + "?",
                "<p>%s</p>".formatted(whereAndWhen(session, now)),
                "That device will have to sign in again.",
                form("/devices/" + session.id() + "/sign-out", fields, button("Sign out", DeviceName.of(session))),
                fields);
    }

    /** Asks about all sessions of a group. The form names each of them, so that no other session ends. */
    static String of(DeviceGroup group, Map<String, String> fields, Instant now) {
        String name = DeviceName.of(group.first());
        String others = group.sessions().stream()
                .skip(1)
                .map(session -> hidden(ALSO, session.id()))
                .collect(Collectors.joining());
        return page(
                "Sign out all %d sessions of %s?".formatted(group.size(), name),
                list(group.sessions().stream()
                        .map(session -> whereAndWhen(session, now))
                        .toList()),
                "Each of them will have to sign in again.",
                form(
                        "/devices/" + group.first().id() + "/sign-out",
                        fields,
                        others + button("Sign out all " + group.size(), "sessions of " + name)),
                fields);
    }

    static String ofOthers(List<Session> sessions, Map<String, String> fields) {
        return page(
                "Sign out all other devices?",
                list(DeviceGroup.of(sessions).stream()
                        .map(group -> DeviceName.html(group.first())
                                + (group.size() == 1 ? "" : Badges.sessions(group.size())))
                        .toList()),
                "You'll have to sign in again everywhere except here.",
                form("/devices/others", fields, "<button class=\"danger solid\">Sign out all</button>"),
                fields);
    }

    private static String page(
            String question, String sessions, String sentence, String form, Map<String, String> fields) {
        return Layout.page(question, "", fields, """
                <div class="narrow">
                <h1>%s</h1>
                <div class="which">%s</div>
                <p class="lead">%s</p>
                <div class="choice">
                %s
                <a class="button" href="/devices">Cancel</a>
                </div>
                </div>
                """.formatted(text(question), sessions, sentence, form));
    }

    private static String list(List<String> items) {
        int more = items.size() - SHOWN;
        return "<ul>"
                + items.stream()
                        .limit(SHOWN)
                        .map(item -> "<li>" + item + "</li>")
                        .collect(Collectors.joining())
                + (more > 0 ? "<li>and " + more + " more</li>" : "")
                + "</ul>";
    }

    private static String whereAndWhen(Session session, Instant now) {
        return "%s · active %s"
                .formatted(text(DeviceName.place(session.client())), Ago.html(session.lastActiveAt(), now));
    }

    private static String button(String text, String name) {
        return "<button class=\"danger solid\" aria-label=\"%s %s\">%s</button>"
                .formatted(text(text), text(name), text(text));
    }
}
