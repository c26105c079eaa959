package io.github.sessionaware;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network of an address: three bytes of an IPv4 address, three groups of an IPv6 address. The network is
 * large enough to stay the same when a provider gives the user another address. A port is ignored, because it changes
 * with every connection. A text that is not an address is its own network.
 */
final class NetworkPrefix {
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}(?::\\d{1,5})?");

    /** Only what no resolver would look up: Java reads a text of these characters with a colon as an address. */
    private static final Pattern IPV6 =
            Pattern.compile("\\[?([0-9a-fA-F:][0-9a-fA-F:.]*)(?:%[^]]*)?(?:](?::\\d{1,5})?)?");

    private NetworkPrefix() {}

    static @Nullable String of(@Nullable String address) {
        if (address == null) {
            return null;
        }
        Matcher ipv4 = IPV4.matcher(address);
        if (ipv4.matches()) {
            return ipv4.group(1);
        }
        Matcher ipv6 = IPV6.matcher(address);
        return ipv6.matches() && ipv6.group(1).contains(":") ? networkOf(ipv6.group(1), address) : address;
    }

    private static String networkOf(String literal, String address) {
        try {
            byte[] bytes = InetAddress.getByName(literal).getAddress();
            return bytes.length == 4
                    ? (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff)
                    : group(bytes, 0) + ":" + group(bytes, 2) + ":" + group(bytes, 4);
        } catch (UnknownHostException e) {
            return address;
        }
    }

    private static String group(byte[] bytes, int start) {
        return Integer.toHexString(((bytes[start] & 0xff) << 8) | (bytes[start + 1] & 0xff));
    }
}
