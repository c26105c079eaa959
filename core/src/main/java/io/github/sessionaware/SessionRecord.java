package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One session as a {@link SessionStore} keeps it. Applications see {@link Session} instead. Immutable. Nothing in a
 * record can authenticate anybody.
 *
 * <p>A user id and a session id together name a record. Two records are equal if all their parts are equal. Times are
 * kept to the millisecond; anything finer is dropped, so that a record read back from a store equals the one that was
 * written.
 *
 * <p>A store creates records only from what it has stored, with {@link #builder(String, String)}. Later releases may
 * add parts with defaults.
 */
public final class SessionRecord {
    static final String DEVICE = "device";

    /** JSON and Lua have no larger number that is exact. */
    private static final long MAX_VERSION = 1L << 53;

    private final String userId;
    private final String id;
    private final long version;
    private final int generation;
    private final String category;
    private final ClientInfo client;
    private final @Nullable String label;
    private final Map<String, String> attributes;
    private final Instant createdAt;
    private final Instant lastActiveAt;
    private final Instant expiresAt;
    private final Authentication authentication;
    private final @Nullable SessionTimeouts timeouts;
    private final @Nullable String refreshState;
    private final @Nullable String deviceKey;
    private final @Nullable String loginDevice;
    private final @Nullable String loginNetwork;

    private SessionRecord(Builder builder) {
        userId = builder.userId;
        id = builder.id;
        version = builder.version;
        generation = builder.generation;
        category = builder.category;
        client = builder.client;
        label = builder.label;
        attributes = builder.attributes;
        createdAt = builder.createdAt;
        lastActiveAt = builder.lastActiveAt;
        expiresAt = builder.expiresAt;
        authentication =
                builder.authentication == null ? new Authentication(createdAt, List.of()) : builder.authentication;
        timeouts = builder.timeouts;
        refreshState = builder.refreshState;
        deviceKey = builder.deviceKey;
        loginDevice = builder.loginDevice;
        loginNetwork = builder.loginNetwork;
    }

    /**
     * Starts a record. Unless they are set, its version and its generation are 1, its category is {@code device}, its
     * three times are the epoch, its user was authenticated when it was created, and its other parts are empty.
     *
     * @param userId the owner, 1 to 255 code points
     * @param id the session id, 22 to 64 characters of {@code A-Z a-z 0-9 - _}
     * @return a builder, which is not thread-safe
     * @throws IllegalArgumentException if the user id is null, blank, over 255 code points, or holds control characters
     *     or lone surrogates, or if the session id has another form
     */
    public static Builder builder(String userId, String id) {
        return new Builder(userId, id);
    }

    /** {@return the user who logged in, exactly as given to {@code issue}} */
    public String userId() {
        return userId;
    }

    /**
     * {@return the session id, which stays the same from login to logout; unguessable, and unique among the user's
     * sessions}
     */
    public String id() {
        return id;
    }

    /** {@return how often the record was written, 1 to 2^53} Every change raises it by one. */
    public long version() {
        return version;
    }

    /** {@return the generation of the session's valid tokens, 1 or more} A renewed authentication raises it. */
    public int generation() {
        return generation;
    }

    /**
     * {@return what kind of login this is; 1 to 32 lower-case letters, digits and hyphens; {@code device} unless the
     * application says otherwise}
     */
    public String category() {
        return category;
    }

    /** {@return what is known about the device} */
    public ClientInfo client() {
        return client;
    }

    /** {@return the name that the user has given the device; at most 64 code points, or null if there is none} */
    public @Nullable String label() {
        return label;
    }

    /** {@return the application's own data about the session; an immutable map of at most 16 entries} */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** {@return the time of the login, which never changes} */
    public Instant createdAt() {
        return createdAt;
    }

    /**
     * {@return the latest recorded activity, which lags behind real activity by up to the service's activity interval}
     */
    public Instant lastActiveAt() {
        return lastActiveAt;
    }

    /**
     * {@return the first instant at which the session is over: the earlier of its absolute and its idle deadline, as
     * last recorded}
     */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** {@return when and how the user was last authenticated} */
    public Authentication authentication() {
        return authentication;
    }

    /** {@return the session's own timeouts; null if those of the service apply} */
    public @Nullable SessionTimeouts timeouts() {
        return timeouts;
    }

    /**
     * {@return the hashes by which the service recognizes the session's refresh token; 1 to 255 printable ASCII
     * characters without spaces; null if the session has no refresh token} They are useless without the token.
     */
    public @Nullable String refreshState() {
        return refreshState;
    }

    /**
     * {@return the public key that binds the session to its device; 1 to 1,024 printable ASCII characters without
     * spaces; null if the session is not bound}
     */
    public @Nullable String deviceKey() {
        return deviceKey;
    }

    /**
     * {@return the device of the login, without versions, with which the devices of later logins are compared; at most
     * 128 code points; null if unknown} A refresh from another device changes {@link #client()} but not this.
     */
    public @Nullable String loginDevice() {
        return loginDevice;
    }

    /**
     * {@return the network of the login, with which the networks of later logins are compared; at most 64 code points;
     * null if unknown} A refresh from another network changes {@link #client()} but not this.
     */
    public @Nullable String loginNetwork() {
        return loginNetwork;
    }

    /**
     * Returns this record after later activity, as {@link SessionStore#touch} stores it.
     *
     * @param lastActiveAt the time of the activity
     * @param expiresAt the deadline that follows from it
     * @return a copy with these two times and the next version
     */
    public SessionRecord touched(Instant lastActiveAt, Instant expiresAt) {
        return next().lastActiveAt(lastActiveAt).expiresAt(expiresAt).build();
    }

    /** Starts the record that replaces this one. */
    Builder next() {
        return toBuilder().version(oneMore(version, MAX_VERSION));
    }

    /** Starts the record that replaces this one and makes its tokens invalid. */
    Builder nextGeneration() {
        return next().generation((int) oneMore(generation, Integer.MAX_VALUE));
    }

    private static long oneMore(long count, long max) {
        if (count == max) {
            throw new SessionStoreException("The session store returned a record whose version or generation is at its"
                    + " limit: another program has changed it");
        }
        return count + 1;
    }

    /** {@return a new builder with every part of this record} */
    public Builder toBuilder() {
        Builder copy = new Builder(userId, id);
        copy.version = version;
        copy.generation = generation;
        copy.category = category;
        copy.client = client;
        copy.label = label;
        copy.attributes = attributes;
        copy.createdAt = createdAt;
        copy.lastActiveAt = lastActiveAt;
        copy.expiresAt = expiresAt;
        copy.authentication = authentication;
        copy.timeouts = timeouts;
        copy.refreshState = refreshState;
        copy.deviceKey = deviceKey;
        copy.loginDevice = loginDevice;
        copy.loginNetwork = loginNetwork;
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof SessionRecord that
                        && version == that.version
                        && id.equals(that.id)
                        && parts().equals(that.parts()));
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + Long.hashCode(version);
    }

    private List<@Nullable Object> parts() {
        return Arrays.asList(
                userId,
                generation,
                category,
                client,
                label,
                attributes,
                createdAt,
                lastActiveAt,
                expiresAt,
                authentication,
                timeouts,
                refreshState,
                deviceKey,
                loginDevice,
                loginNetwork);
    }

    /** Returns everything except the attributes, the refresh state and the device key. */
    @Override
    public String toString() {
        return "SessionRecord[userId=" + userId + ", id=" + id + ", version=" + version + ", generation=" + generation
                + ", category=" + category + ", client=" + client + ", label=" + label + ", createdAt=" + createdAt
                + ", lastActiveAt=" + lastActiveAt + ", expiresAt=" + expiresAt + ", authentication=" + authentication
                + ", timeouts=" + timeouts + ", loginDevice=" + loginDevice + ", loginNetwork=" + loginNetwork + "]";
    }

    /** Builds a {@link SessionRecord}. Each setter checks its value. Not thread-safe. */
    public static final class Builder {
        private static final Pattern REFRESH_STATE = Pattern.compile("[\\x21-\\x7E]{1,255}");
        private static final Pattern DEVICE_KEY = Pattern.compile("[\\x21-\\x7E]{1,1024}");

        private final String userId;
        private final String id;
        private long version = 1;
        private int generation = 1;
        private String category = DEVICE;
        private ClientInfo client = ClientInfo.unknown();
        private @Nullable String label;
        private Map<String, String> attributes = Map.of();
        private Instant createdAt = Instant.EPOCH;
        private Instant lastActiveAt = Instant.EPOCH;
        private Instant expiresAt = Instant.EPOCH;
        private @Nullable Authentication authentication;
        private @Nullable SessionTimeouts timeouts;
        private @Nullable String refreshState;
        private @Nullable String deviceKey;
        private @Nullable String loginDevice;
        private @Nullable String loginNetwork;

        private Builder(String userId, String id) {
            this.userId = Identifiers.requireValid(userId, "userId");
            if (!SessionIds.isWellFormed(requireNonNull(id, "id"))) {
                throw new IllegalArgumentException("id must be 22 to 64 characters of A-Z a-z 0-9 - _");
            }
            this.id = id;
        }

        /**
         * Sets the version.
         *
         * @param version 1 to 2^53
         * @return this builder
         * @throws IllegalArgumentException if it is out of this range
         */
        public Builder version(long version) {
            this.version = requireInRange(version, MAX_VERSION, "version");
            return this;
        }

        /**
         * Sets the generation of the valid tokens.
         *
         * @param generation 1 or more
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder generation(int generation) {
            this.generation = (int) requireInRange(generation, Integer.MAX_VALUE, "generation");
            return this;
        }

        /**
         * Sets what kind of login this is.
         *
         * @param category 1 to 32 lower-case letters, digits and hyphens, beginning with a letter
         * @return this builder
         * @throws IllegalArgumentException if it has another form
         */
        public Builder category(String category) {
            this.category = SessionData.requireValidCategory(category);
            return this;
        }

        /**
         * Sets what is known about the device.
         *
         * @param client the device information
         * @return this builder
         */
        public Builder client(ClientInfo client) {
            this.client = requireNonNull(client, "client");
            return this;
        }

        /**
         * Sets the user's name for the device. It is cleaned and cut as {@link ClientInfo} does.
         *
         * @param label at most 64 code points, or null
         * @return this builder
         */
        public Builder label(@Nullable String label) {
            this.label = SessionData.cleanLabel(label);
            return this;
        }

        /**
         * Sets the application's own data.
         *
         * @param attributes at most 16 entries, with together at most 2,048 characters; copied
         * @return this builder
         * @throws IllegalArgumentException if there are more, or a name or a value is refused
         */
        public Builder attributes(Map<String, String> attributes) {
            this.attributes = SessionData.requireValidAttributes(attributes);
            return this;
        }

        /**
         * Sets the time of the login.
         *
         * @param createdAt the time
         * @return this builder
         * @throws IllegalArgumentException if it is outside the years 0 to 9999
         */
        public Builder createdAt(Instant createdAt) {
            this.createdAt = SessionData.requireValidTime(createdAt, "createdAt");
            return this;
        }

        /**
         * Sets the latest recorded activity.
         *
         * @param lastActiveAt the time
         * @return this builder
         * @throws IllegalArgumentException if it is outside the years 0 to 9999
         */
        public Builder lastActiveAt(Instant lastActiveAt) {
            this.lastActiveAt = SessionData.requireValidTime(lastActiveAt, "lastActiveAt");
            return this;
        }

        /**
         * Sets the end.
         *
         * @param expiresAt the first instant at which the session is over
         * @return this builder
         * @throws IllegalArgumentException if it is outside the years 0 to 9999
         */
        public Builder expiresAt(Instant expiresAt) {
            this.expiresAt = SessionData.requireValidTime(expiresAt, "expiresAt");
            return this;
        }

        /**
         * Sets when and how the user was last authenticated.
         *
         * @param authentication the authentication
         * @return this builder
         */
        public Builder authentication(Authentication authentication) {
            this.authentication = requireNonNull(authentication, "authentication");
            return this;
        }

        /**
         * Sets the session's own timeouts.
         *
         * @param timeouts the timeouts, or null for those of the service
         * @return this builder
         */
        public Builder timeouts(@Nullable SessionTimeouts timeouts) {
            this.timeouts = timeouts;
            return this;
        }

        /**
         * Sets the hashes of the refresh token.
         *
         * @param refreshState 1 to 255 printable ASCII characters without spaces, or null
         * @return this builder
         * @throws IllegalArgumentException if it has another form
         */
        public Builder refreshState(@Nullable String refreshState) {
            this.refreshState = requireMatch(refreshState, REFRESH_STATE, "refreshState", 255);
            return this;
        }

        /**
         * Sets the public key of the device.
         *
         * @param deviceKey 1 to 1,024 printable ASCII characters without spaces, or null
         * @return this builder
         * @throws IllegalArgumentException if it has another form
         */
        public Builder deviceKey(@Nullable String deviceKey) {
            this.deviceKey = requireMatch(deviceKey, DEVICE_KEY, "deviceKey", 1024);
            return this;
        }

        /**
         * Sets the device of the login. It is cleaned and cut as {@link ClientInfo} does.
         *
         * @param loginDevice at most 128 code points, or null
         * @return this builder
         */
        public Builder loginDevice(@Nullable String loginDevice) {
            this.loginDevice = SessionData.cleanLoginDevice(loginDevice);
            return this;
        }

        /**
         * Sets the network of the login. It is cleaned and cut as {@link ClientInfo} does.
         *
         * @param loginNetwork at most 64 code points, or null
         * @return this builder
         */
        public Builder loginNetwork(@Nullable String loginNetwork) {
            this.loginNetwork = SessionData.cleanLoginNetwork(loginNetwork);
            return this;
        }

        /**
         * Creates the record.
         *
         * @return a record that later changes of this builder do not affect
         */
        public SessionRecord build() {
            return new SessionRecord(this);
        }

        private static long requireInRange(long value, long max, String part) {
            if (value < 1 || value > max) {
                throw new IllegalArgumentException(part + " must be 1 to " + max + ", was " + value);
            }
            return value;
        }

        private static @Nullable String requireMatch(@Nullable String value, Pattern form, String part, int maxLength) {
            if (value != null && !form.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        part + " must be 1 to " + maxLength + " printable ASCII characters without spaces");
            }
            return value;
        }
    }
}
