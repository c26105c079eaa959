package io.github.sessionaware.clientinfo;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client's address from one proxy after the other that says for whom it asks. Everything is read from right
 * to left, quotes too: what proxies have appended is well-formed, and what the client wrote before that must not change
 * how it is read.
 */
final class TrustedProxies {
    private static final int MAX_HOPS = 32;

    private static final Pattern FOR =
            Pattern.compile("for\\s*=\\s*(?:\"([^\"\\\\]*)\"|([^\\s\"]*))", Pattern.CASE_INSENSITIVE);

    private final ForwardingHeader header;
    private final List<Network> networks;

    TrustedProxies(ForwardingHeader header, List<String> networks) {
        this.header = header;
        this.networks = networks.stream().map(Network::parse).toList();
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("networks must name at least one proxy");
        }
    }

    /** Empty where a proxy that is trusted says something that is no address, or where there are too many of them. */
    Optional<InetAddress> client(@Nullable String socketAddress, Headers headers) {
        Optional<InetAddress> address = Addresses.parse(socketAddress);
        if (!isTrusted(address)) {
            return address;
        }
        // Several headers of one name are one list (RFC 9110, section 5.3).
        String list = String.join(",", headers.all(header.headerName()));
        int hops = 0;
        for (int end = list.length(); end >= 0 && isTrusted(address); ) {
            int start = separatorBefore(list, end, ',');
            String entry = list.substring(start + 1, end).strip();
            end = start;
            // An empty element says nothing (RFC 9110, section 5.6.1).
            if (!entry.isEmpty()) {
                address = ++hops > MAX_HOPS ? Optional.empty() : address(entry);
            }
        }
        return address;
    }

    private boolean isTrusted(Optional<InetAddress> address) {
        return address.filter(known -> networks.stream().anyMatch(network -> network.contains(known)))
                .isPresent();
    }

    private Optional<InetAddress> address(String entry) {
        if (header == ForwardingHeader.X_FORWARDED_FOR) {
            return Addresses.parseWithPort(entry);
        }
        String found = null;
        for (int end = entry.length(); end >= 0; ) {
            int start = separatorBefore(entry, end, ';');
            Matcher parameter = FOR.matcher(entry.substring(start + 1, end).strip());
            end = start;
            if (parameter.matches()) {
                // RFC 7239, section 4: each parameter at most once.
                if (found != null) {
                    return Optional.empty();
                }
                found = parameter.group(1) == null ? parameter.group(2) : parameter.group(1);
            }
        }
        return found == null ? Optional.empty() : Addresses.parseWithPort(found);
    }

    /** The next one to the left, or -1. Between quotes there is none. */
    private static int separatorBefore(String text, int end, char separator) {
        boolean isQuoted = false;
        for (int i = end - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (c == separator && !isQuoted) {
                return i;
            }
            if (c == '"' && !isEscaped(text, i)) {
                isQuoted = !isQuoted;
            }
        }
        return -1;
    }

    private static boolean isEscaped(String text, int at) {
        int backslashes = 0;
        while (at - backslashes > 0 && text.charAt(at - backslashes - 1) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
