package io.github.sessionaware.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionTimeouts;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converts a record to the value of its field and back. The names of key and field hold the user id and the session id.
 *
 * <p>A value begins with three numbers, each followed by a space: the number of the format, the record's version and
 * its deadline in milliseconds since the epoch. Every later format begins like this too, because scripts of an earlier
 * release read the version and the deadline. The parts of the record follow, in a fixed order. A number has seven bits
 * per byte, the lowest first, and the highest bit of each byte except the last is set. A text has its length in bytes
 * plus one before it; zero means that there is none.
 *
 * <p>A later release that adds a part gives the format the next number. It writes that number only if a record has the
 * part, so that nodes of both releases can run beside each other until then.
 */
final class RecordFormat {
    /** The only format of this release. */
    static final int CURRENT = 1;

    private static final Pattern HEADER = Pattern.compile("([0-9]{1,9}) ([0-9]{1,16}) (-?[0-9]{1,15}) ");
    private static final int LONGEST_HEADER = 9 + 16 + 16 + 3;

    /** Left out, because nearly every record has it. */
    private static final String DEVICE = "device";

    private RecordFormat() {}

    /** Returns the number of the value's format. Zero if the value is not a record of any format. */
    static int of(byte[] value) {
        Matcher header = header(value);
        return header.lookingAt() ? Integer.parseInt(header.group(1)) : 0;
    }

    private static Matcher header(byte[] value) {
        return HEADER.matcher(new String(value, 0, Math.min(value.length, LONGEST_HEADER), US_ASCII));
    }

    static byte[] write(SessionRecord session) {
        Output out = new Output();
        long created = session.createdAt().toEpochMilli();
        ClientInfo client = session.client();
        Authentication authentication = session.authentication();
        SessionTimeouts timeouts = session.timeouts();
        out.ascii(CURRENT + " " + session.version() + " " + session.expiresAt().toEpochMilli() + " ");
        out.number(session.generation());
        out.text(session.category().equals(DEVICE) ? null : session.category());
        out.signed(created);
        // These two are near the login, so the differences are short.
        out.signed(session.lastActiveAt().toEpochMilli() - created);
        out.signed(authentication.time().toEpochMilli() - created);
        out.text(authentication.methods().isEmpty() ? null : String.join(" ", authentication.methods()));
        out.number(timeouts == null ? 0 : timeouts.idle().toMillis());
        out.number(timeouts == null ? 0 : timeouts.absolute().toMillis());
        out.text(client.device());
        out.text(client.userAgent());
        out.text(client.ipAddress());
        out.text(client.location());
        out.text(session.label());
        out.text(session.refreshState());
        out.text(session.deviceKey());
        out.text(session.loginDevice());
        out.text(session.loginNetwork());
        out.number(session.attributes().size());
        new TreeMap<>(session.attributes()).forEach((name, text) -> {
            out.text(name);
            out.text(text);
        });
        return out.bytes();
    }

    /**
     * Reads a value of the current format.
     *
     * @throws IllegalArgumentException if it is not a record that {@link #write} can have written
     */
    static SessionRecord read(String userId, String sessionId, byte[] value) {
        Matcher header = header(value);
        if (!header.lookingAt()) {
            throw new IllegalArgumentException("a record has no header");
        }
        Input in = new Input(value, header.end());
        SessionRecord.Builder builder = SessionRecord.builder(userId, sessionId)
                .version(Long.parseLong(header.group(2)))
                .expiresAt(Instant.ofEpochMilli(Long.parseLong(header.group(3))))
                .generation(in.smallNumber());
        String category = in.text();
        long created = in.signed();
        builder.category(category == null ? DEVICE : category)
                .createdAt(Instant.ofEpochMilli(created))
                .lastActiveAt(Instant.ofEpochMilli(created + in.signed()))
                .authentication(authentication(created + in.signed(), in.text()))
                .timeouts(timeouts(in.number(), in.number()))
                .client(new ClientInfo(in.text(), in.text(), in.text(), in.text()))
                .label(in.text())
                .refreshState(in.text())
                .deviceKey(in.text())
                .loginDevice(in.text())
                .loginNetwork(in.text())
                .attributes(attributes(in));
        in.requireEnd();
        return builder.build();
    }

    private static Authentication authentication(long millis, @Nullable String methods) {
        return new Authentication(
                Instant.ofEpochMilli(millis), methods == null ? List.of() : List.of(methods.split(" ", -1)));
    }

    private static @Nullable SessionTimeouts timeouts(long idle, long absolute) {
        return idle == 0 && absolute == 0
                ? null
                : new SessionTimeouts(Duration.ofMillis(idle), Duration.ofMillis(absolute));
    }

    private static Map<String, String> attributes(Input in) {
        int count = in.smallNumber();
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.text();
            String text = in.text();
            if (name == null || text == null || attributes.put(name, text) != null) {
                throw new IllegalArgumentException("an attribute is incomplete or there twice");
            }
        }
        return attributes;
    }

    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

        void ascii(String text) {
            bytes.writeBytes(text.getBytes(US_ASCII));
        }

        void number(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        /** Maps 0, -1, 1, -2, … to 0, 1, 2, 3, …, so that small negative numbers are short too. */
        void signed(long value) {
            number((value << 1) ^ (value >> 63));
        }

        void text(@Nullable String value) {
            if (value == null) {
                number(0);
            } else {
                byte[] encoded = value.getBytes(UTF_8);
                number(encoded.length + 1L);
                bytes.writeBytes(encoded);
            }
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    private static final class Input {
        private final byte[] bytes;
        private int position;

        Input(byte[] bytes, int position) {
            this.bytes = bytes;
            this.position = position;
        }

        long number() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (position == bytes.length) {
                    break;
                }
                byte next = bytes[position++];
                value |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number of a record has no end");
        }

        int smallNumber() {
            long value = number();
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a number of a record is too large");
            }
            return (int) value;
        }

        long signed() {
            long value = number();
            return (value >>> 1) ^ -(value & 1);
        }

        @Nullable
        String text() {
            long length = number() - 1;
            if (length == -1) {
                return null;
            }
            if (length < 0 || length > bytes.length - position) {
                throw new IllegalArgumentException("a text of a record has no end");
            }
            position += (int) length;
            return new String(bytes, position - (int) length, (int) length, UTF_8);
        }

        void requireEnd() {
            if (position != bytes.length) {
                throw new IllegalArgumentException("a record has more parts than its format");
            }
        }
    }
}
