package io.github.sessionaware.clientinfo;

import static io.github.sessionaware.testing.LocationFile.address;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.CapturedLog;
import io.github.sessionaware.testing.LocationFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationDatabaseTest {
    private static final Duration MAX_AGE = Duration.ofDays(90);
    private static final Map<String, ?> NESTED = Map.of(
            "city", Map.of("names", Map.of("en", "Berlin", "de", "Bärlin")), "country", Map.of("iso_code", "DE"));

    private final Instant now = Instant.now();

    /** Captured by all tests, so that the failures that they cause do not fill the output of the build. */
    private final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder;

    @AfterEach
    void restoreTheLog() {
        log.close();
    }

    @Test
    void nestedAndFlatRecordsAreSupported() throws Exception {
        LocationDatabase database = LocationDatabase.open(
                MAX_AGE,
                file(new LocationFile(4, now)
                        .with("192.0.2.0/25", NESTED)
                        .with("192.0.2.128/25", Map.of("city", "Hamburg", "country_code", "DE"))
                        .with("198.51.100.0/24", Map.of("country", "FR"))
                        .with("198.51.101.0/24", Map.of("country", "Germany", "country_code", "DE", "city", " "))
                        .with("203.0.113.0/24", Map.of("city", Map.of("names", Map.of("de", "Wien"))))));

        assertEquals("Berlin, DE", database.find(address("192.0.2.1"), LocationPrecision.CITY));
        assertEquals("DE", database.find(address("192.0.2.1"), LocationPrecision.COUNTRY));
        assertEquals("Hamburg, DE", database.find(address("192.0.2.200"), LocationPrecision.CITY));
        assertEquals("FR", database.find(address("198.51.100.7"), LocationPrecision.CITY));
        assertEquals("DE", database.find(address("198.51.101.7"), LocationPrecision.CITY));
        assertNull(database.find(address("203.0.113.1"), LocationPrecision.CITY));
        assertNull(database.find(address("10.0.0.1"), LocationPrecision.CITY));
    }

    /** In the other file, the first 32 bits of an IPv6 address would find a wrong location. */
    @Test
    void anIpv6AddressIsNotLookedUpInAFileForIpv4() throws Exception {
        Path v4 = file(new LocationFile(4, now).with("32.1.0.0/16", Map.of("country", "US")));
        Path v6 = file(new LocationFile(6, now).with("2001:db8::/32", NESTED));
        for (LocationDatabase both :
                new LocationDatabase[] {LocationDatabase.open(MAX_AGE, v4, v6), LocationDatabase.open(MAX_AGE, v6, v4)
                }) {
            assertEquals("US", both.find(address("32.1.13.184"), LocationPrecision.CITY));
            assertEquals("Berlin, DE", both.find(address("2001:db8::1"), LocationPrecision.CITY));
            assertNull(both.find(address("2001:db9::1"), LocationPrecision.CITY));
        }
        assertNull(LocationDatabase.open(MAX_AGE, v4).find(address("2001:db8::1"), LocationPrecision.CITY));
        assertNull(LocationDatabase.open(MAX_AGE, v6).find(address("32.1.13.184"), LocationPrecision.CITY));
    }

    @Test
    void anIpv4AddressIsLookedUpInTheFileForIpv4FirstAndThenInTheOther() throws Exception {
        Path v4 = file(new LocationFile(4, now).with("192.0.2.0/25", Map.of("country", "DE")));
        Path v6 = file(new LocationFile(6, now).with("192.0.2.0/24", Map.of("country", "FR")));

        LocationDatabase both = LocationDatabase.open(MAX_AGE, v6, v4);

        assertEquals("DE", both.find(address("192.0.2.1"), LocationPrecision.CITY));
        assertEquals("FR", both.find(address("192.0.2.200"), LocationPrecision.CITY));
    }

    @Test
    void anyMaximumAgeIsAcceptedAndAMissingFileIsRefused() throws Exception {
        Path file = file(new LocationFile(4, Instant.EPOCH).with("192.0.2.0/24", NESTED));

        assertEquals(
                "DE",
                LocationDatabase.open(Duration.ofSeconds(Long.MAX_VALUE), file)
                        .find(address("192.0.2.1"), LocationPrecision.COUNTRY));
        assertThrows(IllegalArgumentException.class, () -> LocationDatabase.open(MAX_AGE));
    }

    @Test
    void aFileForIpv6MayContainIpv4() throws Exception {
        LocationDatabase database = LocationDatabase.open(
                MAX_AGE,
                file(new LocationFile(6, now)
                        .with("192.0.2.0/24", NESTED)
                        .with("2001:db8::/32", Map.of("country", "FR"))));

        assertEquals("Berlin, DE", database.find(address("192.0.2.1"), LocationPrecision.CITY));
        assertEquals("Berlin, DE", database.find(address("::ffff:192.0.2.1"), LocationPrecision.CITY));
        assertEquals("FR", database.find(address("2001:db8::1"), LocationPrecision.CITY));
    }

    @Test
    void aBadFileIsRefusedOrMakesLocationsUnknown() throws Exception {
        Path missing = folder.resolve("missing.mmdb");
        Path rubbish = Files.write(folder.resolve("rubbish.mmdb"), new byte[5_000]);
        Path outdated = file(new LocationFile(4, now.minus(MAX_AGE).minusSeconds(5)).with("192.0.2.0/24", NESTED));

        assertRefused("is missing", missing);
        assertRefused("is missing", folder);
        assertRefused("is not readable as MMDB", rubbish);
        assertRefused("is outdated: it was built at", outdated);
        assertEquals("", log.text());
        for (Path bad : new Path[] {missing, rubbish, outdated}) {
            assertNull(LocationDatabase.openOrUnknown(MAX_AGE, bad).find(address("192.0.2.1"), LocationPrecision.CITY));
        }
        assertEquals(3, log.linesOf("ERROR").size(), log::text);
    }

    /** The file has no content on the disk, and a size that an array could still hold. */
    @Test
    void aFileOfMoreThanOneGibibyteIsRefusedBeforeItIsRead() throws Exception {
        Path large = folder.resolve("large.mmdb");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength((1L << 30) + 1);
        }

        assertRefused("has more than 1073741824 bytes", large);
    }

    @Test
    void anEndlessRecordIsUnknownAndOnlyTheFirstFailureIsLogged() throws Exception {
        // A map of one entry. Its value points back to the map, at the beginning of the data.
        byte[] endless = {(byte) 0xE1, 0x41, 'a', 0x20, 0};
        LocationDatabase database =
                LocationDatabase.open(MAX_AGE, file(new LocationFile(4, now).with("192.0.2.0/24", endless)));

        assertNull(database.find(address("192.0.2.1"), LocationPrecision.CITY));
        assertNull(database.find(address("192.0.2.2"), LocationPrecision.CITY));

        assertEquals(1, log.linesOf("WARN").size(), log::text);
        assertTrue(
                log.text()
                        .contains("The lookup of a location failed, so it is unknown: "
                                + StackOverflowError.class.getName()),
                log::text);
    }

    @Test
    void aFileNameCannotForgeALineOfTheLog() {
        assertRefused("is missing", Path.of("a\nforged"), "a?forged");
    }

    @Test
    void aBrokenFileIsRefusedOrItsLookupsDoNotThrow() throws Exception {
        byte[] good = Files.readAllBytes(
                file(new LocationFile(6, now).with("192.0.2.0/24", NESTED).with("2001:db8::/32", NESTED)));
        SplittableRandom random = new SplittableRandom(1);
        Path broken = folder.resolve("broken.mmdb");
        int opened = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = good.clone();
            for (int change = 0; change <= i % 3; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Files.write(broken, bytes);
            try {
                LocationDatabase database = LocationDatabase.open(Duration.ofDays(36_500), broken);
                database.find(address("192.0.2.1"), LocationPrecision.CITY);
                database.find(address("2001:db8::1"), LocationPrecision.CITY);
                opened++;
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().startsWith("The location file"), e::toString);
            }
        }
        assertTrue(opened > 50 && opened < 500, "opened " + opened);
    }

    private Path file(LocationFile content) throws IOException {
        return content.writeTo(Files.createTempFile(folder, "location", ".mmdb"));
    }

    private static void assertRefused(String reason, Path file) {
        assertRefused(reason, file, file.toString());
    }

    private static void assertRefused(String reason, Path file, String shown) {
        String message = assertThrows(IllegalArgumentException.class, () -> LocationDatabase.open(MAX_AGE, file))
                .getMessage();
        assertTrue(message.startsWith("The location file " + shown + " " + reason), message);
    }
}
