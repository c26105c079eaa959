package io.github.sessionaware.examples.devices;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import java.util.Objects;

/**
 * The name of a session on all pages. The label comes first, and the device always follows. A thief can rename his
 * session, but he cannot hide the device that he uses.
 */
final class DeviceName {
    private DeviceName() {}

    /** Returns a name such as "kitchen tablet · Edge on Windows". */
    static String of(Session session) {
        String device = device(session.client());
        return hasOwnLabel(session) ? session.label() + " · " + device : device;
    }

    /** Returns the same name, escaped, with the device in another style than the label. */
    static String html(Session session) {
        String device = Html.text(device(session.client()));
        // The isolation keeps a label in another script from changing the order of the words around it.
        return hasOwnLabel(session)
                ? "<bdi>%s</bdi> <span class=\"made-by\">· %s</span>".formatted(Html.text(session.label()), device)
                : "<bdi>" + device + "</bdi>";
    }

    static String device(ClientInfo client) {
        return Objects.requireNonNullElse(client.device(), "Unknown device");
    }

    static String place(ClientInfo client) {
        return Objects.requireNonNullElse(client.location(), "Unknown location");
    }

    private static boolean hasOwnLabel(Session session) {
        return session.label() != null && !session.label().equals(device(session.client()));
    }
}
