package io.github.sessionaware.clientinfo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.testing.LocationFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ClientInfoReaderTest {
    private static final String ADDRESS = "203.0.113.9";

    @TempDir
    Path folder;

    @Test
    void aReaderFindsDeviceAddressAndLocation() throws Exception {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "10.0.7.0/28")
                .location(berlin(), LocationPrecision.CITY)
                .build();

        ClientInfo client = reader.read(
                "10.0.7.1",
                Map.of("User-Agent", List.of("curl/8.5.0", "another"), "X-Forwarded-For", List.of("6.6.6.6", ADDRESS))
                        ::get);

        assertEquals(new ClientInfo("curl 8.5", "curl/8.5.0", ADDRESS, "Berlin, DE"), client);
    }

    @Test
    void aLocationIsFoundByTheWholeAddressHoweverLittleIsKept() throws Exception {
        ClientInfo shortened = read(ClientInfoReader.builder()
                .location(berlin(), LocationPrecision.COUNTRY)
                .addressPrivacy(AddressPrivacy.shortened()));
        assertEquals("203.0.113.0/24", shortened.ipAddress());
        assertEquals("DE", shortened.location());

        ClientInfo none = read(ClientInfoReader.builder()
                .location(berlin(), LocationPrecision.CITY)
                .addressPrivacy(AddressPrivacy.none()));
        assertNull(none.ipAddress());
        assertEquals("Berlin, DE", none.location());
    }

    @Test
    void byDefaultAddressesAreKeptWholeAndLocationsAreUnknown() {
        assertEquals(new ClientInfo(null, null, ADDRESS, null), read(ClientInfoReader.builder()));
    }

    @Test
    void laterChangesOfTheBuilderDoNotReachTheReader() {
        ClientInfoReader.Builder builder = ClientInfoReader.builder();
        ClientInfoReader reader = builder.build();
        builder.addressPrivacy(AddressPrivacy.none());

        assertEquals(ADDRESS, reader.read(ADDRESS, name -> null).ipAddress());
    }

    @Test
    void anExceptionFromTheHeadersReachesTheCaller() {
        IllegalStateException failure = new IllegalStateException("no headers");

        assertSame(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> ClientInfoReader.builder().build().read(ADDRESS, name -> {
                            throw failure;
                        })));
    }

    @Test
    void nullIsRefusedWithTheNameOfTheParameter() {
        ClientInfoReader.Builder builder = ClientInfoReader.builder();
        for (Map.Entry<String, Executable> call : Map.<String, Executable>of(
                        "header", () -> builder.trustedProxies(null, "10.0.0.1"),
                        "database", () -> builder.location(null, LocationPrecision.CITY),
                        "addressPrivacy", () -> builder.addressPrivacy(null),
                        "key", () -> AddressPrivacy.hashed(null),
                        "headers", () -> builder.build().read(ADDRESS, null))
                .entrySet()) {
            assertEquals(
                    call.getKey(),
                    assertThrows(NullPointerException.class, call.getValue()).getMessage());
        }
    }

    private static ClientInfo read(ClientInfoReader.Builder builder) {
        return builder.build().read(ADDRESS, name -> List.of());
    }

    private LocationDatabase berlin() throws Exception {
        LocationFile file = new LocationFile(4, Instant.now())
                .with("203.0.113.0/24", Map.of("city", "Berlin", "country_code", "DE"));
        return LocationDatabase.open(Duration.ofDays(90), file.writeTo(folder.resolve("city.mmdb")));
    }
}
