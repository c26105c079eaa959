package io.github.sessionaware.clientinfo;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection.
 *
 * @param address the address; null if the peer has none or if it is unknown
 * @param isLocal whether the peer is known to have no address, because it is connected through a Unix domain socket
 */
record Peer(@Nullable InetAddress address, boolean isLocal) {
    /** How nginx writes the address of such a peer. */
    static final String UNIX = "unix:";

    private static final Peer LOCAL = new Peer(null, true);
    static final Peer UNKNOWN = new Peer(null, false);

    /**
     * Reads what a server reports as the address of the socket. For a Unix domain socket, this is null, an empty text,
     * a path, or a text that starts with {@code unix:}. {@code InetSocketAddress.toString} returns a text like
     * {@code /203.0.113.9:80}, which does not count as a path.
     */
    static Peer ofSocket(@Nullable String text) {
        if (text == null || text.isBlank() || text.startsWith(UNIX)) {
            return LOCAL;
        }
        boolean isPath = text.startsWith("/")
                && Addresses.parseWithPort(text.substring(1)).isEmpty();
        return isPath ? LOCAL : Addresses.parse(text).map(Peer::at).orElse(UNKNOWN);
    }

    /** Reads what a trusted proxy wrote into a header. */
    static Peer ofEntry(String text) {
        return text.startsWith(UNIX)
                ? LOCAL
                : Addresses.parseWithPort(text).map(Peer::at).orElse(UNKNOWN);
    }

    private static Peer at(InetAddress address) {
        return new Peer(address, false);
    }
}
