package io.github.sessionaware.clientinfo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.testing.LocationFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static final String PROXY = "10.0.0.1";
    private static final String CLIENT = "203.0.113.9";

    @Test
    void withoutTrustedProxiesTheAddressIsThatOfTheSocket() {
        ClientInfoReader reader = ClientInfoReader.builder().build();

        assertEquals(
                CLIENT,
                reader.read(
                                CLIENT,
                                Map.of("X-Forwarded-For", List.of("6.6.6.6"), "Forwarded", List.of("for=6.6.6.6"))::get)
                        .ipAddress());
        assertEquals("::1", reader.read("[::1]", name -> null).ipAddress());
        assertNull(reader.read("[::1]:80", name -> null).ipAddress());
        assertNull(reader.read("203.0.113.9:80", name -> null).ipAddress());
        assertNull(reader.read(null, name -> null).ipAddress());
        assertNull(reader.read("unknown", name -> List.of()).ipAddress());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 203.0.113.9",
                "6.6.6.6, 203.0.113.9 | 203.0.113.9",
                "6.6.6.6, 10.0.0.7, 203.0.113.9 | 203.0.113.9",
                "203.0.113.9, 10.0.0.7 | 203.0.113.9",
                "6.6.6.6,203.0.113.9,10.0.0.7,10.0.0.8 | 203.0.113.9",
                "203.0.113.9:4711 | 203.0.113.9",
                "[2001:db8::9]:4711 | 2001:db8::9",
                "[2001:db8::9] | 2001:db8::9",
                "2001:DB8:0:0:0:0:0:9 | 2001:db8::9",
                "fe80::9%eth0 | fe80::9",
                "::ffff:203.0.113.9 | 203.0.113.9",
                "6.6.6.6\", 203.0.113.9 | 203.0.113.9",
                "10.0.0.9 | 10.0.0.9",
            })
    void xForwardedForIsReadFromTheRight(String header, String client) {
        assertEquals(client, by(ForwardingHeader.X_FORWARDED_FOR, PROXY, header));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "for=203.0.113.9 | 203.0.113.9",
                "For=\"203.0.113.9:4711\";proto=https | 203.0.113.9",
                "for=\"[2001:db8::9]:4711\" | 2001:db8::9",
                "proto=https ; for = 203.0.113.9 ; by=10.0.0.1 | 203.0.113.9",
                "for=6.6.6.6, for=203.0.113.9 | 203.0.113.9",
                "for=203.0.113.9, for=10.0.0.7;host=\"a,b\" | 203.0.113.9",
                "for=203.0.113.9;host=\"x;for=6.6.6.6\" | 203.0.113.9",
                "for=203.0.113.9;host=\"x\\\";for=6.6.6.6\" | 203.0.113.9",
                "for=203.0.113.9;host=\"x\\\\\";by=10.0.0.1 | 203.0.113.9",
                "for=\"203.0.113.9:_port\" | 203.0.113.9",
                "for=\"6.6.6.6, for=203.0.113.9 | 203.0.113.9",
                "for=\"\\, for=203.0.113.9 | 203.0.113.9",
                "rubbish \" , ; for=203.0.113.9 | 203.0.113.9",
            })
    void forwardedIsReadFromTheRight(String header, String client) {
        assertEquals(client, by(ForwardingHeader.FORWARDED, PROXY, header));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "_hidden",
                "-",
                "203.0.113",
                "203.0.113.256",
                "203.0.113.09",
                "1",
                "0x7f.1",
                "localhost",
                "2001:db8::g",
                ":",
                "[",
                "[]",
                "[2001:db8::9",
                "2001:db8::9]",
                "203.0.113.9 6.6.6.6",
                "::1::2"
            })
    void anEntryOfATrustedProxyThatHoldsNoAddressIsUnknown(String rubbish) {
        assertNull(by(ForwardingHeader.X_FORWARDED_FOR, PROXY, "6.6.6.6, " + rubbish));
        assertNull(by(ForwardingHeader.FORWARDED, PROXY, "for=6.6.6.6, for=\"" + rubbish + "\""));
    }

    @Test
    void aRepeatedOrMissingForIsUnknownAndLongHeadersAreRead() {
        assertNull(by(ForwardingHeader.FORWARDED, PROXY, "for=203.0.113.9;for=6.6.6.6"));
        assertNull(by(ForwardingHeader.FORWARDED, PROXY, "proto=https"));
        assertNull(by(ForwardingHeader.X_FORWARDED_FOR, PROXY, "6".repeat(64 * 1024)));
        assertEquals(
                CLIENT,
                by(ForwardingHeader.FORWARDED, PROXY, "for=" + CLIENT + ";host=\"" + "x".repeat(64 * 1024) + "\""));
        assertEquals(CLIENT, by(ForwardingHeader.X_FORWARDED_FOR, PROXY, "6.6.6.6,".repeat(8 * 1024) + CLIENT));
        assertEquals(CLIENT, by(ForwardingHeader.FORWARDED, PROXY, "\"".repeat(64 * 1024) + ",for=" + CLIENT));
        assertEquals(CLIENT, by(ForwardingHeader.FORWARDED, PROXY, "\\".repeat(64 * 1024) + ",for=" + CLIENT));
    }

    @Test
    void emptyElementsAreSkipped() {
        assertEquals(CLIENT, by(ForwardingHeader.X_FORWARDED_FOR, PROXY, CLIENT + ", ,10.0.0.7,,"));
        assertEquals(CLIENT, by(ForwardingHeader.X_FORWARDED_FOR, PROXY, CLIENT, ""));
        assertEquals(PROXY, by(ForwardingHeader.X_FORWARDED_FOR, PROXY, ",".repeat(64 * 1024)));
    }

    @Test
    void afterThirtyTwoProxiesTheAddressIsUnknown() {
        assertEquals(CLIENT, by(ForwardingHeader.X_FORWARDED_FOR, PROXY, CLIENT + ",10.0.0.2".repeat(31)));
        assertNull(by(ForwardingHeader.X_FORWARDED_FOR, PROXY, CLIENT + ",10.0.0.2".repeat(32)));
        assertNull(by(ForwardingHeader.X_FORWARDED_FOR, PROXY, "10.0.0.2,".repeat(100_000)));
    }

    @Test
    void severalHeadersOfOneNameFormOneList() {
        assertEquals(CLIENT, by(ForwardingHeader.X_FORWARDED_FOR, PROXY, "6.6.6.6", CLIENT + ", 10.0.0.7"));
        assertEquals(CLIENT, by(ForwardingHeader.X_FORWARDED_FOR, PROXY, "6.6.6.6", CLIENT, "10.0.0.7"));
        assertEquals(PROXY, by(ForwardingHeader.X_FORWARDED_FOR, PROXY));
        assertEquals(PROXY, by(ForwardingHeader.FORWARDED, PROXY, ""));
    }

    /** The client could have written the other header. */
    @Test
    void onlyTheHeaderOfTheTrustedProxiesIsRead() {
        ClientInfo client = reader(ForwardingHeader.X_FORWARDED_FOR)
                .read(PROXY, Map.of("Forwarded", List.of("for=6.6.6.6"), "X-Forwarded-For", List.of(CLIENT))::get);

        assertEquals(CLIENT, client.ipAddress());
    }

    @Test
    void theHeaderOfAnUntrustedAddressIsIgnored() {
        assertEquals(CLIENT, by(ForwardingHeader.X_FORWARDED_FOR, CLIENT, "6.6.6.6"));
        assertEquals("11.0.0.1", by(ForwardingHeader.X_FORWARDED_FOR, "11.0.0.1", "6.6.6.6"));
        assertEquals("2001:db9::1", by(ForwardingHeader.X_FORWARDED_FOR, "2001:db9::1", "6.6.6.6"));
        assertEquals("6.6.6.6", by(ForwardingHeader.X_FORWARDED_FOR, "2001:db8:ffff::1", "6.6.6.6"));
        assertEquals("6.6.6.6", by(ForwardingHeader.X_FORWARDED_FOR, "::ffff:10.0.0.1", "6.6.6.6"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true", "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.1, 10.0.0.1, true", "10.0.0.1, 10.0.0.2, false",
        "192.0.2.128/25, 192.0.2.127, false", "192.0.2.128/25, 192.0.2.128, true",
        "0.0.0.0/0, 1.2.3.4, true", "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true", "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 1.2.3.4, false", "::1/128, ::1, true",
    })
    void aNetworkContainsItsAddressesOnly(String network, String address, boolean holds) {
        assertEquals(holds, Network.parse(network).contains(LocationFile.address(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "proxy.example",
                "10.0.0.0/8/8",
                "::ffff:10.0.0.0/104"
            })
    void anInvalidNetworkIsRefused(String network) {
        assertEquals(
                "A proxy must be an address or a network such as 10.0.0.0/8 or 2001:db8::/32, was " + network,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ClientInfoReader.builder().trustedProxies(ForwardingHeader.FORWARDED, network))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> ClientInfoReader.builder().trustedProxies(ForwardingHeader.FORWARDED));
    }

    private static String by(ForwardingHeader header, String socketAddress, String... values) {
        return reader(header)
                .read(socketAddress, Map.of(header.headerName(), List.of(values))::get)
                .ipAddress();
    }

    private static final ClientInfoReader FORWARDED = newReader(ForwardingHeader.FORWARDED);
    private static final ClientInfoReader X_FORWARDED_FOR = newReader(ForwardingHeader.X_FORWARDED_FOR);

    private static ClientInfoReader reader(ForwardingHeader header) {
        return header == ForwardingHeader.FORWARDED ? FORWARDED : X_FORWARDED_FOR;
    }

    private static ClientInfoReader newReader(ForwardingHeader header) {
        return ClientInfoReader.builder()
                .trustedProxies(header, "10.0.0.0/8", "2001:db8::/32")
                .build();
    }
}
