package io.github.sessionaware.examples.devices;

import io.github.sessionaware.Session;
import java.util.Locale;

/** The marks behind the name of a session. */
final class Badges {
    /** The category of the user's own logins. Others, such as those of support staff, are marked. */
    private static final String DEVICE = "device";

    private Badges() {}

    static String of(Session session, boolean isNew) {
        return (session.current() ? badge("", "This device") : "")
                + (session.deviceBound() ? badge("plain", "Bound") : "")
                + (isNew ? isNew() : "")
                + (session.category().equals(DEVICE) ? "" : badge("plain", capitalized(session.category())));
    }

    static String isNew() {
        return badge("new", "New");
    }

    static String sessions(int count) {
        return badge("plain", count + " sessions");
    }

    private static String badge(String cssClass, String text) {
        return " <span class=\"badge%s\">%s</span>"
                .formatted(cssClass.isEmpty() ? "" : " " + cssClass, Html.text(text));
    }

    private static String capitalized(String word) {
        int first = word.isEmpty() ? 0 : Character.charCount(word.codePointAt(0));
        return word.substring(0, first).toUpperCase(Locale.ROOT) + word.substring(first);
    }
}
