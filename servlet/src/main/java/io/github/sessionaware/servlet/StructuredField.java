package io.github.sessionaware.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the structured fields (RFC 9651) of Device Bound Session Credentials. A field of another form is ignored as a
 * whole, as section 4.2 says.
 *
 * <p>The draft has strings in quotes. Chromium 156 sends the bare text, which is not always a structured field: it may
 * begin with a digit. Both are accepted.
 */
final class StructuredField {
    private static final String TOKEN = "!#$%&'*+-.^_`|~:/";

    /** A proof is shorter, and containers limit all headers to about as much. */
    private static final int MAX_LENGTH = 16 * 1024;

    private static final int MAX_ITEMS = 16;

    private final String text;
    private int at;

    private StructuredField(String text) {
        this.text = text;
    }

    /**
     * Returns the one text that a field has, without its parameters.
     *
     * @param lines the values of all headers of that name
     */
    static Optional<String> string(List<String> lines) {
        if (lines.size() != 1 || lines.get(0).length() > MAX_LENGTH) {
            return Optional.empty();
        }
        StructuredField field = new StructuredField(lines.get(0).strip());
        try {
            String text = field.item();
            field.parameters("");
            return field.isAtEnd() && !text.isEmpty() ? Optional.of(text) : Optional.empty();
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    /**
     * An item of a list.
     *
     * @param parameter the value of the parameter that was asked for; null if the item has none
     */
    record Item(String value, @Nullable String parameter) {}

    /** Returns the tokens of a list, each with the given parameter; none if the field is no list of tokens. */
    static List<Item> tokens(List<String> lines, String parameter) {
        StructuredField field = new StructuredField(String.join(", ", lines).strip());
        if (field.text.length() > MAX_LENGTH) {
            return List.of();
        }
        List<Item> items = new ArrayList<>();
        try {
            while (!field.isAtEnd()) {
                String token = field.bare();
                items.add(new Item(token, field.parameters(parameter)));
                field.spaces();
                if (!field.isAtEnd()) {
                    field.expect(',');
                    field.spaces();
                }
            }
            return items.size() > MAX_ITEMS ? List.of() : items;
        } catch (Malformed e) {
            return List.of();
        }
    }

    private boolean isAtEnd() {
        return at == text.length();
    }

    private char next() throws Malformed {
        if (isAtEnd()) {
            throw new Malformed();
        }
        return text.charAt(at++);
    }

    private boolean nextIs(char wanted) {
        return !isAtEnd() && text.charAt(at) == wanted;
    }

    private void expect(char wanted) throws Malformed {
        if (next() != wanted) {
            throw new Malformed();
        }
    }

    private void spaces() {
        while (nextIs(' ') || nextIs('\t')) {
            at++;
        }
    }

    private String item() throws Malformed {
        return nextIs('"') ? quoted() : bare();
    }

    private String quoted() throws Malformed {
        expect('"');
        StringBuilder value = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            char plain = c == '\\' ? next() : c;
            if ((c == '\\' && plain != '"' && plain != '\\') || plain < ' ' || plain > '~') {
                throw new Malformed();
            }
            value.append(plain);
        }
        return value.toString();
    }

    private String bare() throws Malformed {
        int start = at;
        while (!isAtEnd() && isTokenCharacter(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw new Malformed();
        }
        return text.substring(start, at);
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || TOKEN.indexOf(c) >= 0;
    }

    /** Passes all parameters. Returns the last value of the wanted one; null if there is none. */
    private @Nullable String parameters(String wanted) throws Malformed {
        String found = null;
        while (nextIs(';')) {
            at++;
            spaces();
            String name = bare();
            if (nextIs('=')) {
                at++;
                String value = item();
                found = name.equals(wanted) ? value : found;
            }
        }
        return found;
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
