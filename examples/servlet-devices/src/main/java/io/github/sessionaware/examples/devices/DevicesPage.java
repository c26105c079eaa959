package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.text;

import io.github.sessionaware.Session;
import io.github.sessionaware.clientinfo.DeviceKind;
import io.github.sessionaware.examples.devices.RefusedProofs.RefusedProof;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The list of the devices on which a user is signed in.
 *
 * @param sessions all sessions of the user, the most recently active first
 * @param unseen the ids of the sessions that the user has not seen yet
 * @param notices the sign-ins to ask about
 * @param refused the latest use of a copied session; null if there was none
 * @param outcome what the form before has done; null if there was none
 * @param fields the hidden fields of the forms
 */
record DevicesPage(
        List<Session> sessions,
        Set<String> unseen,
        List<Session> notices,
        @Nullable RefusedProof refused,
        @Nullable Outcome outcome,
        Map<String, String> fields,
        Instant now) {
    String html() {
        String current = sessions.stream()
                .filter(Session::current)
                .map(session -> "<div class=\"card device\">" + single(session, "h2") + "</div>")
                .collect(Collectors.joining());
        return Layout.page("Your devices", "/devices", fields, """
                %s
                %s
                %s
                <h1>Your devices</h1>
                <p class="lead">Sign out any device you don't recognize, then <a href="/password">change your password</a>.</p>
                %s
                %s
                """.formatted(
                        Outcome.html(outcome),
                        RefusedProofBanner.html(refused, now),
                        sessions.stream()
                                .filter(Session::current)
                                .map(session -> NoticesBanner.html(notices, session, "/devices", fields, now))
                                .collect(Collectors.joining()),
                        current,
                        others(DeviceGroup.of(sessions))));
    }

    private String others(List<DeviceGroup> groups) {
        if (groups.isEmpty()) {
            return "<p class=\"lead\">You aren't signed in anywhere else.</p>";
        }
        return """
                <div class="heading">
                  <h2>Other devices</h2>
                  <a class="button danger" href="/devices/others" aria-label="Sign out all other devices">Sign out all</a>
                </div>
                <ul class="cards">%s</ul>
                """.formatted(groups.stream()
                .map(group -> "<li class=\"card device\">"
                        + (group.size() == 1 ? single(group.first(), "h3") : several(group))
                        + "</li>")
                .collect(Collectors.joining()));
    }

    private String single(Session session, String heading) {
        return """
                %s
                <div class="about">
                  <%s>%s%s</%s>
                  <p>%s</p>
                </div>
                <div class="actions">%s</div>
                """.formatted(
                        Icons.of(DeviceKind.of(session.client())),
                        heading,
                        DeviceName.html(session),
                        Badges.of(session, isNew(session)),
                        heading,
                        whereAndWhen(session),
                        actions(session, DeviceName.of(session)));
    }

    private String several(DeviceGroup group) {
        Session first = group.first();
        boolean hasNew = group.sessions().stream().anyMatch(this::isNew);
        String name = DeviceName.of(first);
        return """
                %s
                <div class="about">
                  <h3>%s%s%s</h3>
                  <p><span>Active %s</span></p>
                </div>
                <div class="actions">
                  <a class="button danger" href="/devices/%s/sign-out?all=yes" aria-label="Sign out all %d sessions of %s">Sign out all %d</a>
                </div>
                <details class="sessions"%s>
                  <summary aria-label="Sessions of %s">Sessions</summary>
                  <ul>%s</ul>
                </details>
                """.formatted(
                        Icons.of(DeviceKind.of(first.client())),
                        DeviceName.html(first),
                        Badges.sessions(group.size()),
                        Badges.of(first, hasNew),
                        Ago.html(first.lastActiveAt(), now),
                        text(first.id()),
                        group.size(),
                        text(name),
                        group.size(),
                        hasNew ? " open" : "",
                        text(name),
                        group.sessions().stream().map(this::row).collect(Collectors.joining()));
    }

    private String row(Session session) {
        return """
                <li>
                  <p>%s%s</p>
                  <div class="actions">%s</div>
                </li>
                """.formatted(
                        whereAndWhen(session),
                        isNew(session) ? Badges.isNew() : "",
                        actions(
                                session,
                                "%s (%s, active %s)"
                                        .formatted(
                                                DeviceName.of(session),
                                                DeviceName.place(session.client()),
                                                Ago.words(session.lastActiveAt(), now))));
    }

    private static String actions(Session session, String name) {
        String details = "<a class=\"button\" href=\"/devices/%s\" aria-label=\"Details of %s\">Details</a>"
                .formatted(text(session.id()), text(name));
        return session.current()
                ? details
                : details
                        + "<a class=\"button danger\" href=\"/devices/%s/sign-out\" aria-label=\"Sign out %s\">Sign out</a>"
                                .formatted(text(session.id()), text(name));
    }

    private String whereAndWhen(Session session) {
        return "<span>%s</span> <span>%s</span>"
                .formatted(
                        text(DeviceName.place(session.client())),
                        session.current() ? "Active now" : "Active " + Ago.html(session.lastActiveAt(), now));
    }

    private boolean isNew(Session session) {
        return unseen.contains(session.id()) && !session.current();
    }
}
