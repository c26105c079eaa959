package io.github.sessionaware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPrefixTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2",
        "::ffff:192.0.2.7, 192.0.2",
        "::FFFF:192.0.2.7, 192.0.2",
        "2001:db8:7:1::5, 2001:db8:7",
        "2001:0DB8:0007:0001:0:0:0:5, 2001:db8:7",
        "2001:db8::7, 2001:db8:0",
        "2001::1:2:3:4:5:6, 2001:0:1",
        "::1, 0:0:0",
        "::, 0:0:0",
        "fe80::1%eth0, fe80:0:0",
        "192.0.2.7:49152, 192.0.2",
        "[2001:db8:7:1::5]:443, 2001:db8:7",
        "[2001:db8:7:1::5], 2001:db8:7",
        "::ffff:c000:0207, 192.0.2",
        "0:0:0:0:0:ffff:192.0.2.7, 192.0.2",
        "0000:0000:0000:0000:0000:FFFF:C000:0207, 192.0.2",
        "[::ffff:192.0.2.7]:443, 192.0.2",
        "2001:db8::1::2, 2001:db8::1::2",
        "1:2:3, 1:2:3",
        "::gggg, ::gggg",
        "dead.beef, dead.beef",
        "unknown, unknown",
        "192.0.2, 192.0.2",
        "1.2.3.4.5, 1.2.3.4.5",
        "host.example:8080, host.example:8080"
    })
    void theNetworkIsTheFirstThreeParts(String address, String network) {
        assertEquals(network, NetworkPrefix.of(address));
    }

    @Test
    void anUnknownAddressHasNoNetwork() {
        assertNull(NetworkPrefix.of(null));
    }
}
