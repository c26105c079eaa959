package io.github.sessionaware;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network of an address: three bytes of an IPv4 address, three groups of an IPv6 address. The network is
 * large enough to stay the same when a provider gives the user another address. A text that is not an address is its
 * own network.
 */
final class NetworkPrefix {
    private static final Pattern IPV4 =
            Pattern.compile("(?:::ffff:)?(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}", Pattern.CASE_INSENSITIVE);
    private static final int GROUPS = 8;
    private static final int PREFIX_GROUPS = 3;

    private NetworkPrefix() {}

    static @Nullable String of(@Nullable String address) {
        if (address == null) {
            return null;
        }
        Matcher ipv4 = IPV4.matcher(address);
        if (ipv4.matches()) {
            return ipv4.group(1);
        }
        return address.contains(":") ? firstGroups(address) : address;
    }

    private static String firstGroups(String address) {
        int gap = address.indexOf("::");
        List<String> groups = new ArrayList<>(groups(gap < 0 ? address : address.substring(0, gap)));
        if (gap >= 0) {
            List<String> tail = groups(address.substring(gap + 2));
            while (groups.size() + tail.size() < GROUPS) {
                groups.add("0");
            }
            groups.addAll(tail);
        }
        return groups.stream()
                .limit(PREFIX_GROUPS)
                .map(group -> group.replaceFirst("^0+(?=.)", "").toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(":"));
    }

    private static List<String> groups(String part) {
        return Stream.of(part.split(":", -1)).filter(group -> !group.isEmpty()).toList();
    }
}
