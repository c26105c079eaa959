package io.github.sessionaware;

import static io.github.sessionaware.testing.TestService.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    @Test
    void everyTimeIsTruncatedToTheMillisecond() {
        Session fine = new Session(
                ID,
                "alice",
                CLIENT,
                START.plusNanos(1_999_999),
                START.plusNanos(2_999_999),
                START.plusNanos(3_999_999));

        assertEquals(
                new Session(ID, "alice", CLIENT, START.plusMillis(1), START.plusMillis(2), START.plusMillis(3)), fine);
        assertEquals(START.plusMillis(1), fine.createdAt());
        assertEquals(START.plusMillis(2), fine.lastActiveAt());
        assertEquals(START.plusMillis(3), fine.expiresAt());
    }

    @Test
    void aTouchChangesTwoTimesAndNothingElse() {
        Session session = new Session(ID, "alice", CLIENT, START, START, START.plusSeconds(10));

        assertEquals(
                new Session(ID, "alice", CLIENT, START, START.plusSeconds(5), START.plusSeconds(15)),
                session.touched(START.plusSeconds(5), START.plusSeconds(15)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA/", "AAAAAAAAAAAAAAAAAAAAAA\n"})
    void aMalformedIdIsRefused(String id) {
        assertThrows(IllegalArgumentException.class, () -> new Session(id, "alice", CLIENT, START, START, START));
    }
}
