package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the parts of a session that applications and users give. */
final class SessionData {
    private static final int MAX_LABEL = 64;
    private static final int MAX_LOGIN_DEVICE = 128;
    private static final int MAX_LOGIN_NETWORK = 64;
    private static final int MAX_ATTRIBUTES = 16;
    private static final int MAX_ATTRIBUTE_CHARACTERS = 2048;
    private static final Pattern CATEGORY = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[\\x21-\\x7E]{1,64}");

    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

    /** The latest time of a record, because not every format and database has five digits for a year. */
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private SessionData() {}

    /** Returns the time without what is finer than a millisecond. */
    static Instant requireValidTime(Instant time, String part) {
        if (requireNonNull(time, part).isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException(part + " must be in the years 0 to 9999, was " + time);
        }
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    static String requireValidCategory(String category) {
        if (!CATEGORY.matcher(requireNonNull(category, "category")).matches()) {
            throw new IllegalArgumentException(
                    "category must be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter");
        }
        return category;
    }

    static @Nullable String cleanLabel(@Nullable String label) {
        return ClientText.clean(label, MAX_LABEL);
    }

    static @Nullable String cleanLoginDevice(@Nullable String device) {
        return ClientText.clean(device, MAX_LOGIN_DEVICE);
    }

    static @Nullable String cleanLoginNetwork(@Nullable String network) {
        return ClientText.clean(network, MAX_LOGIN_NETWORK);
    }

    /** Returns the cleaned label. Throws an exception that names the rule if the label is invalid. */
    static @Nullable String requireValidLabel(@Nullable String label) {
        String whole = ClientText.clean(label, Integer.MAX_VALUE / 2);
        if (label != null && (whole == null || whole.codePointCount(0, whole.length()) > MAX_LABEL)) {
            throw new IllegalArgumentException("label must have 1 to " + MAX_LABEL
                    + " code points after cleaning, with a visible one among them; null removes it");
        }
        return whole;
    }

    /** Returns an immutable copy. */
    static Map<String, String> requireValidAttributes(Map<String, String> attributes) {
        requireNonNull(attributes, "attributes").forEach((name, value) -> {
            requireNonNull(name, "attributes must not contain a null name");
            requireNonNull(value, "attributes must not contain a null value");
        });
        Map<String, String> copy = Map.copyOf(attributes);
        if (copy.size() > MAX_ATTRIBUTES) {
            throw new IllegalArgumentException(
                    "attributes must have at most " + MAX_ATTRIBUTES + " entries, had " + copy.size());
        }
        int characters = 0;
        for (Map.Entry<String, String> attribute : copy.entrySet()) {
            if (!ATTRIBUTE_NAME.matcher(attribute.getKey()).matches()) {
                throw new IllegalArgumentException(
                        "attributes must have names of 1 to 64 printable ASCII characters without spaces");
            }
            if (!attribute.getValue().codePoints().allMatch(Identifiers::isAllowed)) {
                throw new IllegalArgumentException(
                        "attributes must not contain control characters or lone surrogates: look at \""
                                + attribute.getKey() + "\"");
            }
            characters += attribute.getKey().length() + attribute.getValue().length();
        }
        if (characters > MAX_ATTRIBUTE_CHARACTERS) {
            throw new IllegalArgumentException("attributes must have at most " + MAX_ATTRIBUTE_CHARACTERS
                    + " characters, names and values together, had " + characters);
        }
        return copy;
    }
}
