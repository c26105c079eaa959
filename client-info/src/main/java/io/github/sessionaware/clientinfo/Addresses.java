package io.github.sessionaware.clientinfo;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converts addresses to text and back. Only literals are accepted: IPv6 in the form of RFC 4291, and IPv4 as four
 * decimal numbers. The parser of the JDK would also accept {@code 1}, {@code 1.2} and names, and would resolve names
 * over the network.
 */
final class Addresses {
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("([0-9A-Fa-f:.]{2,45})(?:%[^\\s\\]]{1,32})?");
    private static final Pattern WITH_PORT =
            Pattern.compile("\\[([^\\]]{2,80})\\](?::\\w{1,16})?|([\\d.]{7,15}):\\w{1,16}");
    private static final int GROUPS = 8;

    private Addresses() {}

    /** Parses an address without a port. IPv6 may be in brackets, and may have a zone, which is dropped. */
    static Optional<InetAddress> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher matcher = WITH_PORT.matcher(text);
        return matcher.matches() && matcher.group(1) != null && text.endsWith("]")
                ? literal(matcher.group(1))
                : literal(text);
    }

    /** Parses an address that may have a port, because some proxies add one. */
    static Optional<InetAddress> parseWithPort(String text) {
        Matcher matcher = WITH_PORT.matcher(text);
        if (matcher.matches()) {
            return literal(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return literal(text);
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            if (IPV4.matcher(text).matches()) {
                return Optional.of(InetAddress.getByName(text));
            }
            Matcher ipv6 = IPV6.matcher(text);
            // In brackets, the JDK accepts only an IPv6 literal.
            return ipv6.matches() && ipv6.group(1).contains(":")
                    ? Optional.of(InetAddress.getByName("[" + ipv6.group(1) + "]"))
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Formats IPv6 as RFC 5952 recommends. */
    static String text(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            groups.add(Integer.toHexString(
                    Byte.toUnsignedInt(bytes[2 * i]) << Byte.SIZE | Byte.toUnsignedInt(bytes[2 * i + 1])));
        }
        int length = 0;
        int from = 0;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = i;
            while (zeros < GROUPS && groups.get(zeros).equals("0")) {
                zeros++;
            }
            if (zeros - i > length) {
                length = zeros - i;
                from = i;
            }
        }
        return length < 2
                ? String.join(":", groups)
                : String.join(":", groups.subList(0, from)) + "::"
                        + String.join(":", groups.subList(from + length, GROUPS));
    }
}
