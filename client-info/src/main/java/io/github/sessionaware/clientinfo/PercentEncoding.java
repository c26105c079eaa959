package io.github.sessionaware.clientinfo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/** Decodes the names of programs. CFNetwork encodes every character of an app's name that a header cannot carry. */
final class PercentEncoding {
    private static final Pattern ENCODED = Pattern.compile("(?:%[0-9A-Fa-f]{2})+");

    /** What a name may contain. The other characters could be read as the syntax of a user agent. */
    private static final Pattern OUTSIDE_NAMES = Pattern.compile("[^\\p{L}\\p{M}\\p{N}\\u200c\\u200d._+&'!-]+");

    private PercentEncoding() {}

    /**
     * Decodes UTF-8 and leaves other text as it is. Decoded slashes, brackets, control characters and invalid bytes
     * become spaces. So text that was encoded never becomes syntax.
     */
    static String decode(String text) {
        return ENCODED.matcher(text)
                .replaceAll(encoded -> OUTSIDE_NAMES
                        .matcher(new String(bytes(encoded.group()), UTF_8))
                        .replaceAll(" "));
    }

    private static byte[] bytes(String encoded) {
        byte[] bytes = new byte[encoded.length() / 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(encoded.substring(3 * i + 1, 3 * i + 3), 16);
        }
        return bytes;
    }
}
