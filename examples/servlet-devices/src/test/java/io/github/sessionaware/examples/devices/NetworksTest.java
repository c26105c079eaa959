package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,                         192.0.2.7",
        "::ffff:192.0.2.7,                  192.0.2.7",
        "2001:db8:1:2:3:4:5:6,              20010db800010002",
        "2001:db8:1:2:ffff:ffff:ffff:ffff,  20010db800010002",
        "2001:db8:1:3::,                    20010db800010003",
        "::1,                               0000000000000000",
        "fe80::1%eth0,                      fe80000000000000",
    })
    void anIpv4AddressIsANetworkAndAnIpv6NetworkHas64Bits(String address, String network) {
        assertEquals(network, Networks.of(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "shop.example",
                "999.1.1.1",
                "1.2.3",
                "1::2::3",
                "192.0.2.7:80",
                "_x",
                ":",
                "g::"
            })
    void anythingElseIsUnknownAndNotLookedUp(String text) {
        assertEquals("unknown", Networks.of(text));
    }

    @Test
    void aMissingAddressIsUnknown() {
        assertEquals("unknown", Networks.of(null));
    }
}
