package io.github.sessionaware.clientinfo;

import com.maxmind.db.Reader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds locations by address in files of MaxMind's format (MMDB). The application provides the files, because this
 * library contains none. Supported are the nested records of MaxMind and DB-IP ({@code city.names.en},
 * {@code country.iso_code}) and flat records ({@code city}, {@code country_code} or {@code country}).
 *
 * <p>Opening reads the files into memory, so that no lookup waits for a disk. If a lookup fails, the location is
 * unknown, and the first failure is logged. Use only files from a source that you trust: a lookup in a damaged file
 * finds nothing, but a malicious file can keep a lookup busy. Immutable and thread-safe.
 */
public final class LocationDatabase {
    private static final Logger log = LoggerFactory.getLogger(LocationDatabase.class);

    /** Half of the largest possible byte array. The largest files on the market have a tenth of this. */
    private static final long MAX_BYTES = 1L << 30;

    private static final Duration LONGEST_AGE = Duration.ofDays(3_650);

    /** Files for IPv4 come first, because a file for IPv6 may contain IPv4 addresses too. */
    private final List<Reader> readers;

    private final AtomicBoolean hasFailed = new AtomicBoolean();

    private LocationDatabase(List<Reader> readers) {
        this.readers = readers;
    }

    /**
     * Reads the files.
     *
     * @param maxAge the longest time since each file was built. It is checked only now. To use a newer file, create a
     *     new reader
     * @param files one file for both IPv4 and IPv6, or one for each
     * @return the database
     * @throws IllegalArgumentException if a file is missing, is not an MMDB file or is too old. The message names the
     *     file and the reason
     */
    public static LocationDatabase open(Duration maxAge, Path... files) {
        if (files.length == 0) {
            throw new IllegalArgumentException("files must contain at least one file");
        }
        Instant oldest = maxAge.compareTo(LONGEST_AGE) > 0
                ? Instant.EPOCH
                : Clock.systemUTC().instant().minus(maxAge);
        return new LocationDatabase(Stream.of(files)
                .map(file -> open(oldest, file))
                .sorted(Comparator.comparing(reader -> reader.getMetadata().ipVersion()))
                .toList());
    }

    /**
     * Reads the files. If that fails, this logs one error with the reason, and every location is unknown.
     *
     * @param maxAge as for {@link #open}
     * @param files as for {@link #open}
     * @return the database, which is empty after a failure
     */
    public static LocationDatabase openOrUnknown(Duration maxAge, Path... files) {
        try {
            return open(maxAge, files);
        } catch (IllegalArgumentException e) {
            log.error("Locations are unknown. {}, cause: {}", e.getMessage(), "" + e.getCause());
            return new LocationDatabase(List.of());
        }
    }

    private static Reader open(Instant oldest, Path file) {
        if (!Files.isRegularFile(file)) {
            throw refusal(file, "is missing", null);
        }
        if (file.toFile().length() > MAX_BYTES) {
            throw refusal(file, "has more than " + MAX_BYTES + " bytes", null);
        }
        Reader reader;
        Instant builtAt;
        try {
            reader = new Reader(file.toFile(), Reader.FileMode.MEMORY);
            builtAt = reader.getMetadata().buildTime();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw refusal(file, "is not readable as MMDB", e);
        }
        if (builtAt.isBefore(oldest)) {
            throw refusal(
                    file, "is outdated: it was built at " + builtAt + ", and must not be older than " + oldest, null);
        }
        return reader;
    }

    /** Replaces control characters, so that the name of a file cannot forge a line of the log. */
    private static IllegalArgumentException refusal(Path file, String reason, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "The location file " + file.toString().replaceAll("\\p{Cntrl}", "?") + " " + reason, cause);
    }

    @Nullable
    String find(InetAddress address, LocationPrecision precision) {
        for (Reader reader : readers) {
            // A file for IPv4 would find an IPv6 address by its first 32 bits.
            if (address instanceof Inet4Address || reader.getMetadata().ipVersion() == 6) {
                String place = find(reader, address, precision);
                if (place != null) {
                    return place;
                }
            }
        }
        return null;
    }

    private @Nullable String find(Reader reader, InetAddress address, LocationPrecision precision) {
        try {
            return place(reader.get(address, Map.class), precision);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            if (hasFailed.compareAndSet(false, true)) {
                log.warn(
                        "The lookup of a location failed, so it is unknown: {}",
                        e.getClass().getName());
            }
            return null;
        }
    }

    private static @Nullable String place(@Nullable Map<?, ?> found, LocationPrecision precision) {
        if (found == null) {
            return null;
        }
        String country = first(text(found, "country", "iso_code"), text(found, "country_code"), text(found, "country"));
        String city = precision == LocationPrecision.COUNTRY
                ? null
                : first(text(found, "city", "names", "en"), text(found, "city"));
        String place = Stream.of(city, country)
                .filter(part -> part != null && !part.isBlank())
                .collect(Collectors.joining(", "));
        return place.isEmpty() ? null : place;
    }

    private static @Nullable String first(@Nullable String... candidates) {
        return Stream.of(candidates).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static @Nullable String text(Map<?, ?> record, String... path) {
        Object value = record;
        for (String name : path) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value instanceof String text ? text : null;
    }
}
