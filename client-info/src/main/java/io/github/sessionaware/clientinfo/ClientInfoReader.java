package io.github.sessionaware.clientinfo;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.ClientInfo;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@link ClientInfo} of a login from a web request: the device's name, the client's address behind trusted
 * proxies, and the approximate location of that address.
 *
 * <pre>{@code
 * ClientInfoReader reader = ClientInfoReader.builder()
 *         .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "10.0.7.0/28")
 *         .location(LocationDatabase.openOrUnknown(Duration.ofDays(90), Path.of("city.mmdb")), LocationPrecision.CITY)
 *         .addressPrivacy(AddressPrivacy.shortened())
 *         .build();
 *
 * ClientInfo client =
 *         reader.read(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
 * }</pre>
 *
 * <p>No request makes the reader throw: unknown parts are null. Clients can write anything into a request, so the
 * result proves nothing. An exception of the function that returns the headers reaches the caller.
 *
 * <p>Immutable and thread-safe. Reading a request needs no file and no network. Create one reader and keep it: it holds
 * the user agent patterns, which take about a second to load, and a cache of the last thousand device names.
 */
public final class ClientInfoReader {
    /**
     * The value for an {@code Accept-CH} header (User-Agent Client Hints). Once a page over HTTPS has carried this
     * header, browsers based on Chromium send the site what their user agent hides, such as Windows 11 and the model of
     * a phone. The header has no effect on a response to a script. Requests to another origin carry the hints only if
     * the page's {@code Permissions-Policy} allows it.
     */
    public static final String ACCEPT_CH = "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model";

    private final @Nullable TrustedProxies proxies;
    private final @Nullable LocationDatabase locations;
    private final LocationPrecision precision;
    private final AddressPrivacy privacy;
    private final DeviceNames names = new DeviceNames();

    private ClientInfoReader(Builder builder) {
        this.proxies = builder.proxies;
        this.locations = builder.locations;
        this.precision = builder.precision;
        this.privacy = builder.privacy;
    }

    /**
     * Returns a builder that trusts no proxy, finds no locations and keeps whole addresses.
     *
     * @return a new builder, for use by one thread
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a request.
     *
     * @param socketAddress the address of the other end of the connection, such as {@code request.getRemoteAddr()},
     *     without a port. Null if unknown, or if a Unix domain socket has no address
     * @param headers returns the values of a header in their order, and an empty list or null for a missing header. It
     *     is called for {@code User-Agent}, the client hints of {@link #ACCEPT_CH}, and the header of the trusted
     *     proxies
     * @return what is known about the device
     */
    public ClientInfo read(@Nullable String socketAddress, Function<String, ? extends @Nullable List<String>> headers) {
        requireNonNull(headers, "headers");
        Headers request = new Headers(headers);
        Optional<InetAddress> address =
                proxies == null ? Addresses.parse(socketAddress) : proxies.client(socketAddress, request);
        String userAgent = request.first("User-Agent");
        return ClientInfo.builder()
                .device(names.of(userAgent, request))
                .userAgent(userAgent)
                .ipAddress(address.map(privacy::shown).orElse(null))
                .location(address.map(this::place).orElse(null))
                .build();
    }

    private @Nullable String place(InetAddress address) {
        return locations == null ? null : locations.find(address, precision);
    }

    /** Configures a reader. Not thread-safe. */
    public static final class Builder {
        private @Nullable TrustedProxies proxies;
        private @Nullable LocationDatabase locations;
        private LocationPrecision precision = LocationPrecision.CITY;
        private AddressPrivacy privacy = AddressPrivacy.full();

        private Builder() {}

        /**
         * Sets the proxies whose header gives the client's address. The reader reads the header only if the peer, which
         * is the other end of the connection, is a trusted proxy. By default, the client's address is that of the peer.
         *
         * <ul>
         *   <li>A header that is a list is read from right to left while the address that added the entry is a trusted
         *       proxy. The first other address is the client's. So the reader never reaches entries that a client
         *       wrote.
         *   <li>A header that holds one address gives the client's address. If the header comes twice or holds anything
         *       else, the address is unknown.
         *   <li>If the header is missing, the result is the proxy's own address.
         * </ul>
         *
         * <p>The text {@code unix:} among the networks trusts peers that have no address, because they are connected
         * through a Unix domain socket. For them, the socket address is null, empty, a path, or a text that starts with
         * {@code unix:}. An entry {@code unix:} in a list, which nginx writes for such a peer, is then passed over as
         * that of any other trusted proxy. Without {@code unix:}, such peers are not trusted and their address is
         * unknown. Servers also return null for a client on TCP that has closed its connection. So use {@code unix:}
         * only if the application accepts requests through Unix domain sockets alone. Tomcat reports {@code 127.0.0.1}
         * for Unix domain sockets: there, trust this address.
         *
         * <p>Name only proxies: a client inside one of these networks could claim any address.
         *
         * @param header the header that all these proxies set or extend. The reader ignores the other headers, so
         *     proxies need not remove them
         * @param networks one or more addresses ({@code 10.0.0.7}, {@code ::1}), networks ({@code 10.0.7.0/28},
         *     {@code 2001:db8::/32}), or {@code unix:}
         * @return this builder
         * @throws IllegalArgumentException if there are no networks, or if one is neither an address nor a network nor
         *     {@code unix:}
         */
        public Builder trustedProxies(ForwardingHeader header, String... networks) {
            this.proxies = new TrustedProxies(requireNonNull(header, "header"), List.of(networks));
            return this;
        }

        /**
         * Sets the database for locations. The lookup uses the whole address, even if the session keeps less of it.
         * Default: no locations.
         *
         * @param database the database
         * @param precision how much of the location a session keeps
         * @return this builder
         */
        public Builder location(LocationDatabase database, LocationPrecision precision) {
            this.locations = requireNonNull(database, "database");
            this.precision = requireNonNull(precision, "precision");
            return this;
        }

        /**
         * Sets how much of an address a session keeps. Default: the whole address.
         *
         * @param addressPrivacy the rule
         * @return this builder
         */
        public Builder addressPrivacy(AddressPrivacy addressPrivacy) {
            this.privacy = requireNonNull(addressPrivacy, "addressPrivacy");
            return this;
        }

        /**
         * Creates the reader and loads the user agent patterns.
         *
         * @return a reader that does not change with this builder
         */
        public ClientInfoReader build() {
            return new ClientInfoReader(this);
        }
    }
}
