package io.github.sessionaware.servlet;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the structured fields (RFC 9651) of Device Bound Session Credentials. A field of another form is ignored as a
 * whole, as section 4.2 says.
 *
 * <p>The draft has strings in quotes. Chromium 156 sends the bare text, which is not always a structured field: it may
 * begin with a digit. Both are accepted.
 */
final class StructuredField {
    private static final String IN_TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~:/-]";
    private static final Pattern UNQUOTED = Pattern.compile(IN_TOKEN + "+");
    private static final Pattern KEY = Pattern.compile("[a-z*][a-z0-9_.*-]*");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z*]" + IN_TOKEN + "*");
    private static final Pattern TOKEN_NUMBER_BOOLEAN_OR_DATE =
            Pattern.compile(TOKEN.pattern() + "|-?[0-9]{1,12}\\.[0-9]{1,3}|-?[0-9]{1,15}|\\?[01]|@-?[0-9]{1,15}");
    private static final Pattern BYTES = Pattern.compile(":[A-Za-z0-9+/=]*:");
    private static final Pattern DISPLAY = Pattern.compile("%\"[ !#-~]*\"");
    private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9a-f]{2})");

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
            String text = field.nextIs('"') ? field.quoted() : field.next(UNQUOTED);
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
            do {
                field.spaces();
                items.add(new Item(field.next(TOKEN), field.parameters(parameter)));
                field.spaces();
            } while (field.passes(','));
            return field.isAtEnd() && items.size() <= MAX_ITEMS ? items : List.of();
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

    private boolean passes(char wanted) {
        boolean isNext = nextIs(wanted);
        at += isNext ? 1 : 0;
        return isNext;
    }

    private String next(Pattern form) throws Malformed {
        Matcher matcher = form.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw new Malformed();
        }
        at = matcher.end();
        return matcher.group();
    }

    private void spaces() {
        while (nextIs(' ') || nextIs('\t')) {
            at++;
        }
    }

    /** Passes a bare item. Returns the text of a string, and another one as it is written. */
    private String item() throws Malformed {
        if (nextIs('"')) {
            return quoted();
        } else if (nextIs(':')) {
            return bytes();
        }
        return nextIs('%') ? display() : next(TOKEN_NUMBER_BOOLEAN_OR_DATE);
    }

    private String quoted() throws Malformed {
        at++;
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

    private String bytes() throws Malformed {
        String item = next(BYTES);
        try {
            byte[] unused = Base64.getDecoder().decode(item.substring(1, item.length() - 1));
            return item;
        } catch (IllegalArgumentException e) {
            throw new Malformed();
        }
    }

    private String display() throws Malformed {
        String item = next(DISPLAY);
        String content = item.substring(2, item.length() - 1);
        if (NO_ESCAPE.matcher(content).find()) {
            throw new Malformed();
        }
        byte[] utf8 = URLDecoder.decode(content, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            return item;
        } catch (CharacterCodingException e) {
            throw new Malformed();
        }
    }

    /** Passes all parameters. Returns the last value of the wanted one; null if there is none. */
    private @Nullable String parameters(String wanted) throws Malformed {
        String found = null;
        while (passes(';')) {
            spaces();
            String name = next(KEY);
            if (passes('=')) {
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
