package io.github.sessionaware.clientinfo;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client's address in the entries of a chain of proxies. Everything is read from right to left, quotes too.
 * The proxies appended well-formed entries at the right, and what the client wrote to the left of them must not change
 * how they are read.
 */
final class TrustedProxies {
    private static final int MAX_HOPS = 32;

    private static final Pattern FOR =
            Pattern.compile("for\\s*=\\s*(?:\"([^\"\\\\]*)\"|([^\\s\"]*))", Pattern.CASE_INSENSITIVE);

    private final ForwardingHeader header;
    private final List<Network> networks;
    private final boolean trustsLocal;

    TrustedProxies(ForwardingHeader header, List<String> networks) {
        this.header = header;
        this.trustsLocal = networks.contains(Peer.UNIX);
        this.networks = networks.stream()
                .filter(network -> !network.equals(Peer.UNIX))
                .map(Network::parse)
                .toList();
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("networks must contain at least one proxy");
        }
    }

    /** Returns empty if a trusted proxy wrote something other than an address, or if there are too many proxies. */
    Optional<InetAddress> client(@Nullable String socketAddress, Headers headers) {
        Peer peer = Peer.ofSocket(socketAddress);
        if (isTrusted(peer)) {
            List<String> values = headers.all(header.headerName());
            peer = header.isList() ? lastUntrusted(peer, values) : single(peer, values);
        }
        return Optional.ofNullable(peer.address());
    }

    /** A second value is not from the proxy, or not from one that sets the header. Nobody knows which one is right. */
    private static Peer single(Peer proxy, List<String> values) {
        return switch (values.size()) {
            case 0 -> proxy;
            case 1 -> Peer.ofEntry(values.get(0).strip());
            default -> Peer.UNKNOWN;
        };
    }

    private Peer lastUntrusted(Peer proxy, List<String> values) {
        // Several headers of the same name form one list (RFC 9110, section 5.3).
        String list = String.join(",", values);
        Peer peer = proxy;
        int hops = 0;
        for (int end = list.length(); end >= 0 && isTrusted(peer); ) {
            int start = separatorBefore(list, end, ',');
            String entry = list.substring(start + 1, end).strip();
            end = start;
            // Empty elements count as absent (RFC 9110, section 5.6.1).
            if (!entry.isEmpty()) {
                peer = ++hops > MAX_HOPS ? Peer.UNKNOWN : peer(entry);
            }
        }
        return peer;
    }

    private boolean isTrusted(Peer peer) {
        InetAddress address = peer.address();
        return address == null
                ? peer.isLocal() && trustsLocal
                : networks.stream().anyMatch(network -> network.contains(address));
    }

    private Peer peer(String entry) {
        if (header == ForwardingHeader.X_FORWARDED_FOR) {
            return Peer.ofEntry(entry);
        }
        String found = null;
        for (int end = entry.length(); end >= 0; ) {
            int start = separatorBefore(entry, end, ';');
            Matcher parameter = FOR.matcher(entry.substring(start + 1, end).strip());
            end = start;
            if (parameter.matches()) {
                // Each parameter may occur only once (RFC 7239, section 4).
                if (found != null) {
                    return Peer.UNKNOWN;
                }
                found = parameter.group(1) == null ? parameter.group(2) : parameter.group(1);
            }
        }
        return found == null ? Peer.UNKNOWN : Peer.ofEntry(found);
    }

    /** Returns the position of the next separator to the left that is not between quotes, or -1. */
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
