package io.github.sessionaware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65_535, 65_536})
    void encodedContentIsReadBack(int length) {
        byte[] content = TestKeys.secret(length);

        byte[] der = Der.encoded(Der.OCTET_STRING, content);

        assertEquals(1, Der.elements(der).size());
        assertEquals(Der.OCTET_STRING, Der.elements(der).get(0).tag());
        assertArrayEquals(content, Der.elements(der).get(0).content());
        assertArrayEquals(der, Der.elements(der).get(0).encoded());
    }

    @ParameterizedTest
    @CsvSource({"0, 0400", "127, 047f", "128, 048180", "255, 0481ff", "256, 04820100"})
    void lengthsAreEncodedInTheFewestBytes(int length, String head) {
        assertTrue(HexFormat.of()
                .formatHex(Der.encoded(Der.OCTET_STRING, new byte[length]))
                .startsWith(head));
    }

    /** Cut elements, an indefinite length, lengths beyond the bytes that follow, and a length of four bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"30", "3001", "3080", "308101", "30820001", "3084000000010000", "30ff"})
    void anElementThatDoesNotFitIsMalformed(String hex) {
        assertThrows(Der.Malformed.class, () -> Der.elements(bytes(hex)));
        assertFalse(Der.isSequence(bytes(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0400", "02010130", "31020400", "30003000"})
    void anythingExceptOneSequenceIsMalformed(String hex) {
        assertThrows(Der.Malformed.class, () -> Der.sequence(bytes(hex)));
        assertFalse(Der.isSequence(bytes(hex)));
    }

    @Test
    void twoNumbersArePaddedToTheirLength() {
        assertArrayEquals(bytes("00010203"), Der.twoNumbers(bytes("300702010102020203"), 2));
        assertArrayEquals(bytes("ffff0000"), Der.twoNumbers(bytes("3008020300ffff020100"), 2));
        for (String odd :
                new String[] {"3008020301ffff020100", "3003020101", "3009020101020101020101", "3006020101040100"}) {
            assertThrows(Der.Malformed.class, () -> Der.twoNumbers(bytes(odd), 2), odd);
        }
    }

    @ParameterizedTest
    @CsvSource({"2a8648ce3d0201, 1.2.840.10045.2.1", "2b6570, 1.3.101.112", "883703, 2.999.3", "00, 0.0", "'', ''"})
    void anObjectIdentifierIsDecoded(String hex, String id) {
        assertEquals(id, Der.objectId(bytes(hex)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
