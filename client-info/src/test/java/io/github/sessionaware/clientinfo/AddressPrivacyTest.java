package io.github.sessionaware.clientinfo;

import static io.github.sessionaware.testing.LocationFile.address;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPrivacyTest {
    private final byte[] key = "only for tests: 32 bytes or more".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @ParameterizedTest
    @CsvSource({
        "192.0.2.77, 192.0.2.77, 192.0.2.0/24",
        "::ffff:192.0.2.77, 192.0.2.77, 192.0.2.0/24",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:3:4:5:6, 2001:db8:1::/48",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1, 2001:db8::/48",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1, 2001:db8::/48",
        "::1, ::1, ::/48",
        "2002:c000:24d::1, 2002:c000:24d::1, 2002:c000:200::/40",
        "::, ::, ::/48",
        "1::, 1::, 1::/48",
    })
    void anAddressIsKeptWholeShortenedOrNotAtAll(String address, String full, String shortened) {
        assertEquals(full, AddressPrivacy.full().shown(address(address)));
        assertEquals(shortened, AddressPrivacy.shortened().shown(address(address)));
        assertNull(AddressPrivacy.none().shown(address(address)));
    }

    @Test
    void aHashDependsOnTheAddressAndTheKeyOnly() {
        AddressPrivacy hashed = AddressPrivacy.hashed(key);
        String hash = hashed.shown(address("192.0.2.77"));

        assertTrue(hash.matches("hash:[A-Za-z0-9_-]{16}"), hash);
        assertEquals(hash, AddressPrivacy.hashed(key).shown(address("::ffff:192.0.2.77")));
        assertNotEquals(hash, hashed.shown(address("192.0.2.78")));
        for (int at : new int[] {0, key.length - 1}) {
            byte[] other = key.clone();
            other[at]++;
            assertNotEquals(hash, AddressPrivacy.hashed(other).shown(address("192.0.2.77")));
        }
        Arrays.fill(key, (byte) 0);
        assertEquals(hash, hashed.shown(address("192.0.2.77")));
        assertEquals("AddressPrivacy", hashed.toString());
    }

    @Test
    void aShortKeyIsRefused() {
        assertEquals(
                "key must be at least 32 random bytes, was 31",
                assertThrows(IllegalArgumentException.class, () -> AddressPrivacy.hashed(new byte[31]))
                        .getMessage());
    }
}
