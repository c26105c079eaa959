package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.jdbc.SampleSessions.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.Authentication;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionTimeouts;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Keeps every time to the millisecond while virtual machine and database session move from one zone to another. */
@ResourceLock(Resources.TIME_ZONE)
abstract class TimeZones extends StoreFixture {
    /** Zones a day apart, with and without daylight saving time, and one with a quarter of an hour. */
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("Pacific/Apia"),
            ZoneId.of("America/New_York"),
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("Asia/Kathmandu"));

    /** Moments in an hour that New York skips, and in one that Berlin has twice. */
    private static final List<Instant> LAST_ACTIVITIES =
            List.of(Instant.parse("2026-03-08T07:30:00.123Z"), Instant.parse("2026-10-25T00:30:00.123Z"));

    private final TimeZone formerZone = TimeZone.getDefault();
    private final Map<ZoneId, HikariDataSource> pools = new HashMap<>();

    TimeZones(TestDatabase database) {
        super(database);
    }

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @AfterEach
    void closePoolsAndRestoreTheZone() {
        pools.values().forEach(HikariDataSource::close);
        TimeZone.setDefault(formerZone);
    }

    @Test
    void aTimeThatIsWrittenInOneZoneIsTheSameInAnother() {
        for (Instant lastActivity : LAST_ACTIVITIES) {
            for (int i = 0; i < ZONES.size(); i++) {
                assertSameTimes(lastActivity, ZONES.get(i), ZONES.get((i + 1) % ZONES.size()));
            }
        }
    }

    private void assertSameTimes(Instant lastActivity, ZoneId writer, ZoneId reader) {
        SessionRecord session = session(lastActivity);
        SessionRecord touched =
                session.touched(lastActivity.plusMillis(1), session.expiresAt().plusMillis(1));

        storeIn(writer).create(session, unconditional());

        assertEquals(Optional.of(session), storeIn(reader).find(USER, ID));
        assertEquals(List.of(session), storeIn(reader).list(USER));
        assertTrue(storeIn(reader).touch(session, touched.lastActiveAt(), touched.expiresAt()));

        assertEquals(Optional.of(touched), storeIn(writer).find(USER, ID));

        assertTrue(storeIn(reader).replace(touched, next(touched, session)));
        assertEquals(0, storeIn(reader).purge(session.expiresAt().minusMillis(1)));
        assertEquals(1, storeIn(reader).purge(session.expiresAt()));
    }

    /** Moves the virtual machine to the zone, and returns a store whose database session is there too. */
    private JdbcSessionStore storeIn(ZoneId zone) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        return new JdbcSessionStore(
                pools.computeIfAbsent(zone, there -> database.pool(1, true, database.setZone(there))));
    }

    private static SessionRecord session(Instant lastActivity) {
        return SessionRecord.builder(USER, ID)
                .label("phone")
                .createdAt(START)
                .lastActiveAt(lastActivity)
                .expiresAt(lastActivity.plusSeconds(60))
                .authentication(new Authentication(START.plusMillis(7), List.of("pwd", "otp")))
                .timeouts(SessionTimeouts.NIST_AAL2)
                .build();
    }
}
