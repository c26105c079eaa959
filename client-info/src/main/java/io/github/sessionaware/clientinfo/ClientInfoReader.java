package io.github.sessionaware.clientinfo;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.ClientInfo;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a web request carries into the {@link ClientInfo} of a login: the device's name, the client's address
 * behind proxies that are trusted, and roughly where that is.
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
 * <p>Whatever the request carries, nothing is thrown: what cannot be told is null. None of it is proof of anything.
 * What the function throws that gives the headers reaches the caller.
 *
 * <p>Immutable and thread-safe; reads no file and asks no other machine while it reads a request. Make one and keep it:
 * it holds the patterns of user agents, which take a second or so to load, and the names of the last thousand devices.
 */
public final class ClientInfoReader {
    /**
     * The value of an {@code Accept-CH} header (User-Agent Client Hints): where a page that was opened over HTTPS
     * carries it, Chromium's browsers tell its site from then on what their user agent hides, Windows 11 and the model
     * of a phone among it. An answer to a script is not enough, and another origin needs the page's
     * {@code Permissions-Policy}.
     */
    public static final String ACCEPT_CH = "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model";

    private static final int MAX_USER_AGENT = 4_096;

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
     * Begins the configuration: no proxy is trusted, there are no locations, and addresses are kept in full.
     *
     * @return a new builder, to be used by one thread
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a request.
     *
     * @param socketAddress the address the connection comes from, such as {@code request.getRemoteAddr()}, without a
     *     port; null if unknown
     * @param headers from the name of a header to its values, in their order; an empty list or null if there is none.
     *     Asked for {@code User-Agent}, the client hints of {@link #ACCEPT_CH}, and the header of the trusted proxies
     * @return what is known of the device
     */
    public ClientInfo read(@Nullable String socketAddress, Function<String, ? extends @Nullable List<String>> headers) {
        requireNonNull(headers, "headers");
        Headers request = new Headers(headers);
        Optional<InetAddress> address =
                proxies == null ? Addresses.parse(socketAddress) : proxies.client(socketAddress, request);
        String userAgent = cut(request.first("User-Agent"));
        return ClientInfo.builder()
                .device(names.of(userAgent, request))
                .userAgent(userAgent)
                .ipAddress(address.map(privacy::shown).orElse(null))
                .location(address.map(this::place).orElse(null))
                .build();
    }

    /** So much more than is kept that cutting here changes nothing but what it costs. */
    private static @Nullable String cut(@Nullable String header) {
        return header == null || header.length() <= MAX_USER_AGENT ? header : header.substring(0, MAX_USER_AGENT);
    }

    private @Nullable String place(InetAddress address) {
        return locations == null ? null : locations.find(address, precision);
    }

    /** Sets what is trusted and what is kept. Not thread-safe. */
    public static final class Builder {
        private @Nullable TrustedProxies proxies;
        private @Nullable LocationDatabase locations;
        private LocationPrecision precision = LocationPrecision.CITY;
        private AddressPrivacy privacy = AddressPrivacy.full();

        private Builder() {}

        /**
         * Says whose word on the client's address is good. The header is read from right to left, as long as the
         * address that wrote an entry is one of these; the first that is not is the client's. So what a client writes
         * into it is never reached. Where the header is missing, a proxy's own address is all there is. Without this
         * the client's address is that of the socket.
         *
         * <p>Name proxies and nothing else: a client that is itself in one of these networks is believed as they are.
         *
         * @param header the one header that all these proxies set or extend. They need not remove the other, which is
         *     not read
         * @param networks addresses ({@code 10.0.0.7}, {@code ::1}) and networks ({@code 10.0.7.0/28},
         *     {@code 2001:db8::/32}), one or more
         * @return this builder
         * @throws IllegalArgumentException if there is none, or one is no address or network
         */
        public Builder trustedProxies(ForwardingHeader header, String... networks) {
            this.proxies = new TrustedProxies(requireNonNull(header, "header"), List.of(networks));
            return this;
        }

        /**
         * Sets where addresses are looked up, also those that are then kept shortened or not at all. Default: nowhere.
         *
         * @param database the database
         * @param precision what is kept of the place
         * @return this builder
         */
        public Builder location(LocationDatabase database, LocationPrecision precision) {
            this.locations = requireNonNull(database, "database");
            this.precision = requireNonNull(precision, "precision");
            return this;
        }

        /**
         * Sets what is kept of an address. Default: all of it.
         *
         * @param addressPrivacy the rule
         * @return this builder
         */
        public Builder addressPrivacy(AddressPrivacy addressPrivacy) {
            this.privacy = requireNonNull(addressPrivacy, "addressPrivacy");
            return this;
        }

        /**
         * Makes the reader, and loads the patterns of user agents.
         *
         * @return a reader that later changes of this builder do not reach
         */
        public ClientInfoReader build() {
            return new ClientInfoReader(this);
        }
    }
}
