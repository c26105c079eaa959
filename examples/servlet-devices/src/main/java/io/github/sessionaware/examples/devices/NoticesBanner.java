package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.text;

import io.github.sessionaware.Session;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks about sign-ins that the user has not confirmed, each with an answer of its own. */
final class NoticesBanner {
    /** More would push the page below the screen. The list of devices marks the rest. */
    private static final int SHOWN = 3;

    private NoticesBanner() {}

    /**
     * Returns the banner; empty without notices.
     *
     * @param current the session that sees it, which may answer for later sign-ins only
     * @param here the page that shows it, to which the answer returns
     */
    static String html(List<Session> notices, Session current, String here, Map<String, String> fields, Instant now) {
        if (notices.isEmpty()) {
            return "";
        }
        Map<String, String> andReturn = new LinkedHashMap<>(fields);
        andReturn.put("returnTo", here);
        String items = notices.stream()
                .limit(SHOWN)
                .map(session -> notice(session, Notices.mayDismiss(current, session), andReturn, now))
                .collect(Collectors.joining());
        int more = notices.size() - SHOWN;
        return """
                <section class="notices" aria-label="New sign-ins">
                  <ul>%s</ul>%s
                </section>
                """.formatted(
                        items,
                        more > 0
                                ? "<p>%d more: see the devices marked &quot;New&quot; on <a href=\"/devices\">your devices</a>.</p>"
                                        .formatted(more)
                                : "");
    }

    private static String notice(Session session, boolean mayDismiss, Map<String, String> fields, Instant now) {
        String name = text(DeviceName.of(session));
        return """
                <li>
                  <p><b>New sign-in</b> on %s <span class="made-by">· %s · %s</span></p>
                  <div class="actions">
                    %s
                    <a class="button" href="/password" aria-label="Wasn't you? Secure your account: %s">Wasn't you? Secure your account</a>
                  </div>
                </li>
                """.formatted(
                        DeviceName.html(session),
                        text(DeviceName.place(session.client())),
                        Ago.html(session.createdAt(), now),
                        mayDismiss
                                ? Html.form(
                                        "/notices/" + session.id() + "/dismiss",
                                        fields,
                                        "<button aria-label=\"It was me on %s\">It was me</button>".formatted(name))
                                : "",
                        name);
    }
}
