package io.github.sessionaware.examples.devices;

import io.github.sessionaware.clientinfo.AddressPrivacy;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.clientinfo.ForwardingHeader;
import io.github.sessionaware.clientinfo.LocationDatabase;
import io.github.sessionaware.clientinfo.LocationPrecision;
import io.github.sessionaware.testing.LocationFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Puts the example networks of RFC 5737 into cities. */
final class Places {
    private Places() {}

    /** Reads clients behind a proxy on this computer. */
    static ClientInfoReader clients() {
        return ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "127.0.0.1", "::1")
                .location(locations(), LocationPrecision.CITY)
                .addressPrivacy(AddressPrivacy.shortened())
                .build();
    }

    private static LocationDatabase locations() {
        try {
            Path file = Files.createTempFile("places", ".mmdb");
            try {
                new LocationFile(4, Instant.EPOCH)
                        .with("203.0.113.0/24", Map.of("city", "Berlin", "country_code", "DE"))
                        .with("192.0.2.0/24", Map.of("city", "Hamburg", "country_code", "DE"))
                        .with("198.51.100.0/24", Map.of("city", "Utrecht", "country_code", "NL"))
                        .writeTo(file);
                return LocationDatabase.open(Duration.ofDays(36_500), file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
