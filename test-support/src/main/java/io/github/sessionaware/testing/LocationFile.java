package io.github.sessionaware.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small location files in MaxMind's format, version 2.0, with records of 24 bits. */
public final class LocationFile {
    private static final byte[] MARKER = {
        (byte) 0xAB, (byte) 0xCD, (byte) 0xEF, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
    };
    private static final int SEPARATOR = 16;

    private final int ipVersion;
    private final Instant builtAt;
    private final List<Node> nodes = new ArrayList<>(List.of(new Node()));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    public LocationFile(int ipVersion, Instant builtAt) {
        this.ipVersion = ipVersion;
        this.builtAt = builtAt;
    }

    /** Adds a network. A file for IPv6 holds networks of IPv4 under {@code ::/96}. A byte array is written as it is. */
    public LocationFile with(String network, Object record) {
        String[] addressAndPrefix = network.split("/", 2);
        byte[] address = address(addressAndPrefix[0]).getAddress();
        int prefix = addressAndPrefix.length == 2 ? Integer.parseInt(addressAndPrefix[1]) : address.length * 8;
        int shift = ipVersion == 6 && address.length == 4 ? 96 : 0;
        int offset = data.size();
        write(record, data);
        Node node = nodes.get(0);
        int bits = prefix + shift;
        for (int bit = 0; bit < bits; bit++) {
            int at = bit - shift;
            int side = at < 0 ? 0 : address[at / 8] >> (7 - at % 8) & 1;
            if (bit == bits - 1) {
                node.data[side] = offset;
            } else {
                if (node.next[side] == null) {
                    node.next[side] = new Node();
                    nodes.add(node.next[side]);
                }
                node = node.next[side];
            }
        }
        return this;
    }

    public Path writeTo(Path file) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (Node node : nodes) {
            for (int side = 0; side < 2; side++) {
                int value = node.next[side] != null
                        ? nodes.indexOf(node.next[side])
                        : nodes.size() + (node.data[side] < 0 ? 0 : SEPARATOR + node.data[side]);
                whole.write(value >> 16);
                whole.write(value >> 8);
                whole.write(value);
            }
        }
        whole.writeBytes(new byte[SEPARATOR]);
        whole.writeBytes(data.toByteArray());
        whole.writeBytes(MARKER);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("binary_format_major_version", 2);
        metadata.put("binary_format_minor_version", 0);
        metadata.put("build_epoch", builtAt.getEpochSecond());
        metadata.put("database_type", "for-tests");
        metadata.put("languages", List.of("en"));
        metadata.put("description", Map.of());
        metadata.put("ip_version", ipVersion);
        metadata.put("node_count", (long) nodes.size());
        metadata.put("record_size", 24);
        write(metadata, whole);
        return Files.write(file, whole.toByteArray());
    }

    /**
     * Reads a literal address. It resolves no names, so that a typing error in a test never causes a network request.
     */
    public static InetAddress address(String text) {
        if (!text.matches("[0-9A-Fa-f:.]+")) {
            throw new IllegalArgumentException(text);
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static void write(Object value, ByteArrayOutputStream out) {
        if (value instanceof Map<?, ?> map) {
            control(7, map.size(), out);
            map.forEach((name, each) -> {
                write(name, out);
                write(each, out);
            });
        } else if (value instanceof List<?> list) {
            control(11, list.size(), out);
            list.forEach(each -> write(each, out));
        } else if (value instanceof byte[] encoded) {
            out.writeBytes(encoded);
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(UTF_8);
            control(2, bytes.length, out);
            out.writeBytes(bytes);
        } else if (value instanceof Integer number) {
            control(5, 2, out);
            out.write(number >> 8);
            out.write(number);
        } else if (value instanceof Long number) {
            control(number > 0xFFFFFFFFL ? 9 : 6, 4, out);
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write((int) (number >> shift));
            }
        }
    }

    private static void control(int type, int size, ByteArrayOutputStream out) {
        int small = Math.min(size, 29);
        if (type < 8) {
            out.write(type << 5 | small);
        } else {
            out.write(small);
            out.write(type - 7);
        }
        if (small == 29) {
            out.write(size - 29);
        }
    }

    private static final class Node {
        private final Node[] next = new Node[2];
        private final int[] data = {-1, -1};
    }
}
