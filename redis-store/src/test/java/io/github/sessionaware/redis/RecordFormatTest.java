package io.github.sessionaware.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.Authentication;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionTimeouts;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
    private static final String USER = "alice";
    private static final String ID = "a".repeat(22);
    private static final Instant LOGIN = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final SessionRecord FULL = SessionRecord.builder(USER, ID)
            .version(300)
            .generation(2)
            .category("api")
            .client(new ClientInfo("Firefox on Linux", "Mozilla/5.0", "2001:db8::7", "Köln"))
            .label("kitchen")
            .attributes(Map.of("tenant", "7", "empty", ""))
            .createdAt(LOGIN)
            .lastActiveAt(LOGIN.plusSeconds(60))
            .expiresAt(LOGIN.plus(Duration.ofDays(7)))
            .authentication(new Authentication(LOGIN.minusSeconds(1), List.of("pwd", "otp")))
            .timeouts(new SessionTimeouts(Duration.ofHours(1), Duration.ofDays(1)))
            .refreshState("state")
            .deviceKey("key")
            .loginDevice("Firefox on Linux")
            .loginNetwork("2001:db8::/48")
            .build();

    /** What a release has written, every later one must read. */
    @Test
    void theFirstFormatNeverChanges() {
        byte[] written = RecordFormat.write(FULL);

        assertEquals(
                "31203330302031373732393634303030313233200204617069f6b5b98d9567c0a907cf0f08707764"
                        + "206f747080dddb0180b899291146697265666f78206f6e204c696e75780c4d6f7a696c6c612f352e"
                        + "300c323030313a6462383a3a37064bc3b66c6e086b69746368656e067374617465046b6579114669"
                        + "7265666f78206f6e204c696e75780e323030313a6462383a3a2f34380206656d707479010774656e"
                        + "616e740237",
                HexFormat.of().formatHex(written));
        assertEquals(FULL, RecordFormat.read(USER, ID, written));
    }

    @Test
    void aBareRecordIsReadAsItWasWritten() {
        SessionRecord bare = SessionRecord.builder(USER, ID).build();

        byte[] written = RecordFormat.write(bare);

        assertEquals(bare, RecordFormat.read(USER, ID, written));
        assertEquals("1 1 0 ", new String(written, 0, 6, US_ASCII));
    }

    @Test
    void everyShorterAndEveryLongerValueIsRefused() {
        byte[] written = RecordFormat.write(FULL);

        for (int length = 0; length < written.length; length++) {
            byte[] cut = Arrays.copyOf(written, length);
            assertThrows(IllegalArgumentException.class, () -> RecordFormat.read(USER, ID, cut));
        }
        byte[] longer = Arrays.copyOf(written, written.length + 1);
        assertThrows(IllegalArgumentException.class, () -> RecordFormat.read(USER, ID, longer));
    }

    @Test
    void theFormatIsReadFromTheHeaderAlone() {
        assertEquals(1, RecordFormat.of(RecordFormat.write(FULL)));
        assertEquals(2, RecordFormat.of("2 17 -5 anything".getBytes(US_ASCII)));
        assertEquals(0, RecordFormat.of("{\"user\":1}".getBytes(US_ASCII)));
        assertEquals(0, RecordFormat.of(new byte[0]));
    }

    @Test
    void equalRecordsHaveEqualValues() {
        SessionRecord other =
                FULL.toBuilder().attributes(Map.of("empty", "", "tenant", "7")).build();

        assertArrayEquals(RecordFormat.write(FULL), RecordFormat.write(other));
    }
}
