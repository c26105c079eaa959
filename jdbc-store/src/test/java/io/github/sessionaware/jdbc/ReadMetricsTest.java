package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.testing.CapturedLog;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the log of the virtual machine")
class ReadMetricsTest {
    private final List<Integer> reported = new ArrayList<>();
    private final ReadMetrics failing = new ReadMetrics(new SessionMetrics() {
        @Override
        public void readsShared(int finds) {
            reported.add(finds);
            throw new IllegalStateException("must-not-be-shown");
        }
    });

    @Test
    void metricsThatThrowAreLoggedOnceInOneLine() {
        try (CapturedLog log = new CapturedLog()) {
            failing.shared(2);
            failing.shared(3);

            assertEquals(1, log.text().lines().count(), log.text());
            assertTrue(log.text().contains("IllegalStateException"), log.text());
            assertFalse(log.text().contains("must-not-be-shown"), log.text());
        }
        assertEquals(List.of(2, 3), reported);
    }

    @Test
    void aLogThatThrowsAffectsNoRead() {
        PrintStream before = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                throw new IllegalStateException("No space left");
            }
        });
        try {
            failing.shared(2);
        } finally {
            System.setErr(before);
        }
        assertEquals(List.of(2), reported);
    }
}
