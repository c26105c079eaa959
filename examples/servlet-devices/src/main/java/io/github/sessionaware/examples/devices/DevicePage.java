package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.form;
import static io.github.sessionaware.examples.devices.Html.text;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import io.github.sessionaware.clientinfo.DeviceKind;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one session, and the form for its name.
 *
 * @param isNew whether the user has not seen the session yet
 * @param label what the field for the name contains; null for nothing
 * @param error why the form was refused; empty if it was not
 * @param fields the hidden fields of the forms
 */
record DevicePage(
        Session session, boolean isNew, @Nullable String label, String error, Map<String, String> fields, Instant now) {
    String html() {
        ClientInfo client = session.client();
        String name = DeviceName.of(session);
        return Layout.page(name, "", fields, """
                <div class="medium">
                <p class="back"><a href="/devices">Your devices</a></p>
                <div class="title">%s<h1>%s%s</h1></div>
                <div class="card">
                <dl>
                  <dt>Device</dt><dd>%s</dd>
                  <dt>Location</dt><dd>%s</dd>
                  <dt>Last active</dt><dd>%s <span class="made-by">(%s)</span></dd>
                  <dt>Signed in</dt><dd>%s <span class="made-by">(%s)</span></dd>
                  <dt>IP address</dt><dd>%s</dd>
                  <dt>User agent</dt><dd class="agent">%s</dd>
                  <dt>Copies</dt><dd>%s</dd>
                </dl>
                %s
                </div>
                %s
                %s
                </div>
                """.formatted(
                Icons.of(DeviceKind.of(client)),
                DeviceName.html(session),
                Badges.of(session, isNew && !session.current()),
                text(DeviceName.device(client)),
                text(DeviceName.place(client)),
                Ago.exact(session.lastActiveAt()),
                Ago.words(session.lastActiveAt(), now),
                Ago.exact(session.createdAt()),
                Ago.words(session.createdAt(), now),
                text(Objects.requireNonNullElse(client.ipAddress(), "Unknown")),
                text(Objects.requireNonNullElse(client.userAgent(), "Unknown")),
                session.deviceBound()
                        ? "Bound: a copy of this session stops working within minutes, because only this device has its key"
                        : "Not bound: a copy of this session works until it is signed out",
                signOut(name),
                Layout.problem(error),
                form("/devices/" + session.id() + "/rename", "card fields", fields, """
                                <label for="label">Your name for this device</label>
                                <div class="row">
                                  <input id="label" name="label" maxlength="64" value="%s" autocomplete="off" aria-describedby="%s"%s>
                                  <button>Save</button>
                                </div>
                                <p id="rule">Leave it empty to show the device alone.</p>
                                """.formatted(
                        text(label), error.isEmpty() ? "rule" : "problem", error.isEmpty() ? "" : " autofocus"))));
    }

    private String signOut(String name) {
        return session.current()
                ? form("/sign-out", fields, "<button class=\"danger\">Sign out this device</button>")
                : "<a class=\"button danger\" href=\"/devices/%s/sign-out\" aria-label=\"Sign out %s\">Sign out</a>"
                        .formatted(text(session.id()), text(name));
    }
}
