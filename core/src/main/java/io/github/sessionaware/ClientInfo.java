package io.github.sessionaware;

import org.jspecify.annotations.Nullable;

/**
 * Describes the device from which a user logs in, for a "your devices" page. Immutable. Every part is optional and none
 * is trusted: no decision of this library depends on it.
 *
 * <p>Text of any content and size is accepted, so that no header can break a login. Each part is cleaned. Control
 * characters, line breaks and runs of spaces become one space. Direction marks and other format characters are dropped,
 * except joiners inside text. Lone surrogates become U+FFFD. A part that is longer than its limit in code points is
 * cut. A part without a visible character becomes null. Escape the text for HTML nevertheless.
 *
 * <p>These are personal data. Store only what you show.
 *
 * @param device a name such as "Firefox on Linux", at most 128 code points; null if unknown
 * @param userAgent the {@code User-Agent} header, at most 512 code points; null if unknown
 * @param ipAddress the client's address, at most 64 code points; null if unknown
 * @param location a place such as "Berlin, DE", at most 128 code points; null if unknown
 */
public record ClientInfo(
        @Nullable String device,
        @Nullable String userAgent,
        @Nullable String ipAddress,
        @Nullable String location) {

    private static final int MAX_DEVICE = 128;
    private static final int MAX_USER_AGENT = 512;
    private static final int MAX_IP_ADDRESS = 64;
    private static final int MAX_LOCATION = 128;

    /**
     * Cleans and cuts each part. Never throws.
     *
     * @param device the device's name, or null
     * @param userAgent the user agent, or null
     * @param ipAddress the address, or null
     * @param location the place, or null
     */
    public ClientInfo {
        device = ClientText.clean(device, MAX_DEVICE);
        userAgent = ClientText.clean(userAgent, MAX_USER_AGENT);
        ipAddress = ClientText.clean(ipAddress, MAX_IP_ADDRESS);
        location = ClientText.clean(location, MAX_LOCATION);
    }

    /**
     * Returns a client info without any information.
     *
     * @return a client info in which every part is null
     */
    public static ClientInfo unknown() {
        return builder().build();
    }

    /**
     * Starts a client info in which every part is unknown.
     *
     * @return a new builder, which is not thread-safe
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns this client info, with what is known of the former one where nothing is known here. Device and user agent
     * belong together, and so do address and place. Otherwise a session could show the place of one client beside the
     * address of another.
     */
    ClientInfo replacing(ClientInfo former) {
        ClientInfo device = this.device == null && userAgent == null ? former : this;
        ClientInfo network = ipAddress == null && location == null ? former : this;
        return new ClientInfo(device.device, device.userAgent, network.ipAddress, network.location);
    }

    /** Sets the parts by name; a part that is not set is null. Not thread-safe. */
    public static final class Builder {
        private @Nullable String device;
        private @Nullable String userAgent;
        private @Nullable String ipAddress;
        private @Nullable String location;

        private Builder() {}

        /**
         * Sets the device's name.
         *
         * @param device a name such as "Firefox on Linux", or null
         * @return this builder
         */
        public Builder device(@Nullable String device) {
            this.device = device;
            return this;
        }

        /**
         * Sets the user agent.
         *
         * @param userAgent the {@code User-Agent} header as it came, or null
         * @return this builder
         */
        public Builder userAgent(@Nullable String userAgent) {
            this.userAgent = userAgent;
            return this;
        }

        /**
         * Sets the client's address. Pages show it as it is, and listeners compare its network
         * ({@link SessionListener.Novelty#NETWORK}). Behind a proxy, the application must determine the client's own
         * address first.
         *
         * @param ipAddress the address as text, or null
         * @return this builder
         */
        public Builder ipAddress(@Nullable String ipAddress) {
            this.ipAddress = ipAddress;
            return this;
        }

        /**
         * Sets the approximate place.
         *
         * @param location a place such as "Berlin, DE", or null
         * @return this builder
         */
        public Builder location(@Nullable String location) {
            this.location = location;
            return this;
        }

        /**
         * Cleans the parts and creates the client info.
         *
         * @return the client info
         */
        public ClientInfo build() {
            return new ClientInfo(device, userAgent, ipAddress, location);
        }
    }
}
