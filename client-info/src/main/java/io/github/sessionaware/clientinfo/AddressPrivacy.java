package io.github.sessionaware.clientinfo;

import static java.util.Objects.requireNonNull;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Decides how much of a client's address a session keeps. An address is personal data. Immutable and thread-safe. */
public final class AddressPrivacy {
    private static final int MIN_KEY_BYTES = 32;
    private static final int HASH_BYTES = 12;

    private final Function<InetAddress, @Nullable String> rule;

    private AddressPrivacy(Function<InetAddress, @Nullable String> rule) {
        this.rule = rule;
    }

    /**
     * Keeps the whole address.
     *
     * @return the rule
     */
    public static AddressPrivacy full() {
        return new AddressPrivacy(Addresses::text);
    }

    /**
     * Keeps the network of the address: 24 bits of IPv4 ({@code 192.0.2.0/24}) and 48 bits of IPv6
     * ({@code 2001:db8:1::/48}). A 6to4 address contains an IPv4 address, so only 40 bits of it are kept.
     *
     * @return the rule
     */
    public static AddressPrivacy shortened() {
        return new AddressPrivacy(address -> prefix(address, keptBits(address)));
    }

    /**
     * Keeps a keyed hash of the whole address. Without the key, the hash shows only whether two sessions have the same
     * address. With the key, anyone can try all IPv4 addresses, so store the key apart from the sessions.
     *
     * @param key 32 random bytes or more. The key is copied
     * @return the rule
     * @throws IllegalArgumentException if the key is shorter
     */
    public static AddressPrivacy hashed(byte[] key) {
        if (requireNonNull(key, "key").length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "key must be at least " + MIN_KEY_BYTES + " random bytes, was " + key.length);
        }
        SecretKeySpec secret = new SecretKeySpec(key, "HmacSHA256");
        return new AddressPrivacy(address -> "hash:" + hash(secret, address));
    }

    /**
     * Keeps nothing.
     *
     * @return the rule
     */
    public static AddressPrivacy none() {
        return new AddressPrivacy(address -> null);
    }

    @Nullable
    String shown(InetAddress address) {
        return rule.apply(address);
    }

    /** The first 16 bits of a 6to4 address (RFC 3056) are followed by an IPv4 address. */
    private static int keptBits(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return 24;
        }
        return bytes[0] == 0x20 && bytes[1] == 0x02 ? 40 : 48;
    }

    private static String prefix(InetAddress address, int bits) {
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, bits / Byte.SIZE, bytes.length, (byte) 0);
        try {
            return Addresses.text(InetAddress.getByAddress(bytes)) + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("The bytes of an address have the length of an address", e);
        }
    }

    private static String hash(SecretKeySpec secret, InetAddress address) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            byte[] hash = Arrays.copyOf(mac.doFinal(address.getAddress()), HASH_BYTES);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
        return "AddressPrivacy";
    }
}
