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
 * Places by address, from files in MaxMind's format (MMDB) that the application brings; none is part of this library.
 * Read are the nested records of MaxMind and DB-IP ({@code city.names.en}, {@code country.iso_code}) and flat ones
 * ({@code city}, {@code country_code} or {@code country}).
 *
 * <p>The files are read into memory when they are opened, so that no lookup waits for a disk. A lookup that fails is
 * answered with "unknown" and logged once. Take files from a source that you trust: a damaged one is answered with
 * "unknown", but one that was made to do harm can keep a lookup busy. Immutable and thread-safe.
 */
public final class LocationDatabase {
    private static final Logger log = LoggerFactory.getLogger(LocationDatabase.class);

    /** Half of what an array of bytes may have; the largest that are sold have a tenth of it. */
    private static final long MAX_BYTES = 1L << 30;

    private static final Duration LONGEST_AGE = Duration.ofDays(3_650);

    /** The files for IPv4 first, because those for IPv6 may have IPv4 too, or not. */
    private final List<Reader> readers;

    private final AtomicBoolean hasFailed = new AtomicBoolean();

    private LocationDatabase(List<Reader> readers) {
        this.readers = readers;
    }

    /**
     * Reads the files.
     *
     * @param maxAge how long ago each may have been built, at this moment: it is not looked at again. For a newer file
     *     make a new reader
     * @param files one for both kinds of addresses, or one for each
     * @return the database
     * @throws IllegalArgumentException if a file is missing, is no MMDB file, or is older; the message names it and
     *     says which
     */
    public static LocationDatabase open(Duration maxAge, Path... files) {
        if (files.length == 0) {
            throw new IllegalArgumentException("files must name at least one");
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
     * Reads the files; where that fails the reason is logged as one error, and every place is unknown.
     *
     * @param maxAge as for {@link #open}
     * @param files as for {@link #open}
     * @return the database, perhaps an empty one
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

    /** The name in one line, whatever it is. */
    private static IllegalArgumentException refusal(Path file, String reason, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "The location file " + file.toString().replaceAll("\\p{Cntrl}", "?") + " " + reason, cause);
    }

    @Nullable
    String find(InetAddress address, LocationPrecision precision) {
        for (Reader reader : readers) {
            // In a file for IPv4 an IPv6 address would be looked up by its first 32 bits.
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
                        "A lookup of a location failed; it is unknown: {}",
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
