package io.github.sessionaware.examples.devices;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names the network that a client can choose its addresses from: the address of IPv4, and the first half of IPv6. */
final class Networks {
    private static final String UNKNOWN = "unknown";
    private static final int BYTES = 8;

    /** {@link InetAddress} looks up any other text in the DNS. */
    private static final Pattern ADDRESS =
            Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}|(?=.*:)[0-9A-Fa-f:.]{2,45}(%[0-9A-Za-z]{1,20})?");

    private Networks() {}

    /** Returns the same text for all clients whose address is not known. */
    static String of(@Nullable String address) {
        if (address == null || !ADDRESS.matcher(address).matches()) {
            return UNKNOWN;
        }
        try {
            // Without the zone of a link-local address, which may name an interface that this computer lacks.
            InetAddress parsed = InetAddress.getByName(address.replaceFirst("%.*", ""));
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, BYTES)
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
