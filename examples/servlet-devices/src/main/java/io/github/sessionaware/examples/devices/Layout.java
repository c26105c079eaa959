package io.github.sessionaware.examples.devices;

import static io.github.sessionaware.examples.devices.Html.form;
import static io.github.sessionaware.examples.devices.Html.text;

import java.util.Map;

/** The frame of all pages. They work without scripts. */
final class Layout {
    private Layout() {}

    /** Returns a page for visitors of whom no session is known. */
    static String page(String title, String main) {
        return whole(title, "", main);
    }

    /**
     * Returns a page for a signed-in user.
     *
     * @param here the path of the page, for its link in the navigation
     * @param fields the hidden fields of its forms
     */
    static String page(String title, String here, Map<String, String> fields, String main) {
        String navigation = "<nav aria-label=\"Account\">" + link("/", "Home", here)
                + link("/devices", "Your devices", here) + link("/password", "Password", here) + "</nav>"
                + form("/sign-out", fields, "<button>Sign out</button>");
        return whole(title, navigation, main);
    }

    /** Returns the message above a form that was refused. Its fields name it in {@code aria-describedby}. */
    static String problem(String sentence) {
        return sentence.isEmpty()
                ? ""
                : "<p class=\"problem\" id=\"problem\" role=\"alert\">" + text(sentence) + "</p>";
    }

    private static String link(String path, String name, String here) {
        return "<a href=\"%s\"%s>%s</a>".formatted(path, path.equals(here) ? " aria-current=\"page\"" : "", name);
    }

    private static String whole(String title, String navigation, String main) {
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
