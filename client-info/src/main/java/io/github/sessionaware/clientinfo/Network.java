package io.github.sessionaware.clientinfo;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network of addresses (RFC 4632), or a single address. */
record Network(InetAddress address, int prefixBits) {
    private static final Pattern CIDR = Pattern.compile("([^/]+)(?:/(\\d{1,3}))?");

    static Network parse(String text) {
        Matcher matcher = CIDR.matcher(text);
        if (matcher.matches()) {
            InetAddress address = Addresses.parse(matcher.group(1)).orElseThrow(() -> refusal(text));
            int bits = address.getAddress().length * Byte.SIZE;
            int prefixBits = matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
            // A prefix of an IPv4-mapped IPv6 address would count the bits of IPv6, but this address has those of IPv4.
            boolean isMapped = address instanceof Inet4Address && text.contains(":");
            if (prefixBits <= bits && !(isMapped && matcher.group(2) != null)) {
                return new Network(address, prefixBits);
            }
        }
        throw refusal(text);
    }

    boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((ours[bit / Byte.SIZE] & mask) != (theirs[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException(
                "A proxy must be an address, a network such as 10.0.0.0/8 or 2001:db8::/32, or unix:, was " + text);
    }
}
