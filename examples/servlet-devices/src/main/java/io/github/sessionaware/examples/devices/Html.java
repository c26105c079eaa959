package io.github.sessionaware.examples.devices;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Escapes text for HTML, as element content or in a quoted attribute, and writes forms. */
final class Html {
    private Html() {}

    static String text(@Nullable String text) {
        if (text == null) {
            return "";
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Returns a form that sends the hidden fields, such as the token against forms of other sites. */
    static String form(String action, Map<String, String> hidden, String content) {
        return form(action, "", hidden, content);
    }

    static String form(String action, String cssClass, Map<String, String> hidden, String content) {
        String inputs = hidden.entrySet().stream()
                .map(field -> hidden(field.getKey(), field.getValue()))
                .collect(Collectors.joining());
        return "<form method=\"post\" action=\"%s\"%s>%s%s</form>"
                .formatted(text(action), cssClass.isEmpty() ? "" : " class=\"" + cssClass + "\"", inputs, content);
    }

    static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"%s\" value=\"%s\">".formatted(text(name), text(value));
    }
}
