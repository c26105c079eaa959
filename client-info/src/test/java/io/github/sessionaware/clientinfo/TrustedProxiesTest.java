package io.github.sessionaware.clientinfo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.testing.LocationFile;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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
        ClientInfo client = READERS.get(ForwardingHeader.X_FORWARDED_FOR)
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
    @EnumSource(
            value = ForwardingHeader.class,
            names = {"X_REAL_IP", "CF_CONNECTING_IP", "TRUE_CLIENT_IP"})
    void aHeaderOfOneAddressIsTakenAsItIsOrNotAtAll(ForwardingHeader header) {
        assertEquals(CLIENT, by(header, PROXY, CLIENT));
        assertEquals(CLIENT, by(header, PROXY, " " + CLIENT + " "));
        assertEquals(CLIENT, by(header, PROXY, CLIENT + ":4711"));
        assertEquals("2001:db8::9", by(header, PROXY, "2001:DB8::9"));
        // The header has one entry, so the reader returns it even if it is the address of a trusted proxy.
        assertEquals("10.0.0.9", by(header, PROXY, "10.0.0.9"));
        assertEquals(PROXY, by(header, PROXY));
        for (String rubbish :
                List.of("", " ", "unknown", "unix:", "203.0.113.256", "for=" + CLIENT, "\"" + CLIENT + "\"")) {
            assertNull(by(header, PROXY, rubbish), rubbish);
        }
        for (String list : List.of("6.6.6.6, 203.0.113.9", "203.0.113.9,", ",203.0.113.9", "6.6.6.6 203.0.113.9")) {
            assertNull(by(header, PROXY, list), list);
        }
        assertNull(by(header, PROXY, CLIENT, "6.6.6.6"));
        assertNull(by(header, PROXY, CLIENT, CLIENT));
        assertNull(by(header, PROXY, CLIENT, ""));
    }

    @ParameterizedTest
    @EnumSource(ForwardingHeader.class)
    void noHeaderOfAPeerThatIsNoTrustedProxyIsRead(ForwardingHeader header) {
        String entry = header == ForwardingHeader.FORWARDED ? "for=6.6.6.6" : "6.6.6.6";

        assertEquals(CLIENT, by(header, CLIENT, entry));
        assertNull(by(header, "unknown", entry));
        assertNull(by(header, "[10.0.0.1]:80", entry));
        for (String local : WITHOUT_ADDRESS) {
            assertNull(by(header, local, entry), local);
        }
    }

    @ParameterizedTest
    @EnumSource(ForwardingHeader.class)
    void aPeerWithoutAnAddressIsTrustedIfTheApplicationSaysSo(ForwardingHeader header) {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(header, "unix:", "10.0.0.0/8")
                .build();
        String entry = header == ForwardingHeader.FORWARDED ? "for=" + CLIENT : CLIENT;

        for (String local : WITHOUT_ADDRESS) {
            assertEquals(CLIENT, by(reader, header, local, entry), local);
            assertNull(by(reader, header, local), local);
        }
        assertEquals(CLIENT, by(reader, header, PROXY, entry));
        for (String other : List.of("6.6.6.6", "::6")) {
            assertEquals(other, by(reader, header, other, entry));
        }
        // Texts that hold an address, but not in the form of a socket address.
        for (String other :
                List.of("unknown", "6.6.6.6:80", "/6.6.6.6:80", "/6.6.6.6", "/[::6]:80", "host/6.6.6.6:80")) {
            assertNull(by(reader, header, other, entry), other);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6.6.6.6, 203.0.113.9, unix: | 203.0.113.9",
                "6.6.6.6, 203.0.113.9, unix:, 10.0.0.7 | 203.0.113.9",
                "6.6.6.6, 203.0.113.9, 10.0.0.7, unix: | 203.0.113.9",
                "6.6.6.6, unix:, 203.0.113.9 | 203.0.113.9",
                "unix: |",
                "6.6.6.6, unknown, unix: |",
                "6.6.6.6, unix |",
                "6.6.6.6, /run/nginx.sock |",
            })
    void anEntryOfALocalHopIsPassedOverIfSuchPeersAreTrusted(String list, String client) {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "10.0.0.0/8", "unix:")
                .build();

        assertEquals(client, by(reader, ForwardingHeader.X_FORWARDED_FOR, PROXY, list));
        assertEquals(client, by(reader, ForwardingHeader.X_FORWARDED_FOR, "", list));
    }

    @Test
    void anEntryOfALocalHopIsUnknownIfSuchPeersAreNotTrusted() {
        assertNull(by(ForwardingHeader.X_FORWARDED_FOR, PROXY, "6.6.6.6, unix:"));
        assertNull(by(ForwardingHeader.FORWARDED, PROXY, "for=6.6.6.6, for=\"unix:\""));
    }

    @Test
    void forwardedKnowsLocalHopsAndHiddenOnes() {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.FORWARDED, "unix:")
                .build();

        assertEquals(CLIENT, by(reader, ForwardingHeader.FORWARDED, null, "for=" + CLIENT + ", for=\"unix:\""));
        assertNull(by(reader, ForwardingHeader.FORWARDED, null, "for=" + CLIENT + ", for=unknown"));
        assertNull(by(reader, ForwardingHeader.FORWARDED, null, "for=" + CLIENT + ", for=_hidden"));
        assertNull(by(reader, ForwardingHeader.FORWARDED, null, "for=" + CLIENT + ", for=\"_hidden:80\""));
    }

    @Test
    void localHopsCountAsProxies() {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "unix:")
                .build();

        assertEquals(CLIENT, by(reader, ForwardingHeader.X_FORWARDED_FOR, "", CLIENT + ",unix:".repeat(31)));
        assertNull(by(reader, ForwardingHeader.X_FORWARDED_FOR, "", CLIENT + ",unix:".repeat(32)));
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
                "::ffff:10.0.0.0/104",
                "unix",
                "UNIX:",
                "unix:/run/app.sock"
            })
    void anInvalidNetworkIsRefused(String network) {
        assertEquals(
                "A proxy must be an address, a network such as 10.0.0.0/8 or 2001:db8::/32, or unix:, was " + network,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ClientInfoReader.builder().trustedProxies(ForwardingHeader.FORWARDED, network))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> ClientInfoReader.builder().trustedProxies(ForwardingHeader.FORWARDED));
    }

    private static String by(ForwardingHeader header, String socketAddress, String... values) {
        return by(READERS.get(header), header, socketAddress, values);
    }

    private static String by(ClientInfoReader reader, ForwardingHeader header, String socketAddress, String... values) {
        return reader.read(socketAddress, Map.of(header.headerName(), List.of(values))::get)
                .ipAddress();
    }

    /** What servers report for a Unix domain socket. Jetty 12.1 reports an empty text. */
    private static final List<String> WITHOUT_ADDRESS =
            Arrays.asList(null, "", " ", "unix:", "unix:/run/nginx.sock", "/run/nginx.sock");

    private static final Map<ForwardingHeader, ClientInfoReader> READERS = Arrays.stream(ForwardingHeader.values())
            .collect(Collectors.toMap(header -> header, TrustedProxiesTest::newReader));

    private static ClientInfoReader newReader(ForwardingHeader header) {
        return ClientInfoReader.builder()
                .trustedProxies(header, "10.0.0.0/8", "2001:db8::/32")
                .build();
    }
}
