package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.testing.CapturedLog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the log of the virtual machine")
class UnreadableRowsTest {
    private final H2Database database = H2Database.inMemory();
    private final JdbcSessionStore store = new JdbcSessionStore(database.driver());

    @Test
    void aStoreWarnsOnceNamesTheRuleAndShowsNoIds() {
        List<String> warnings = warningsOfThreeReadsWith("generation = 0");

        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).contains("jwt_sessions"), warnings.get(0));
        assertTrue(warnings.get(0).contains("generation must be 1 to 2147483647, was 0"), warnings.get(0));
        assertFalse(warnings.get(0).contains("must-not-be-shown"), warnings.get(0));
    }

    @Test
    void theWarningAboutAttributesShowsNothingOfThem() {
        List<String> warnings = warningsOfThreeReadsWith("attributes = 'must-not-be-shown'");

        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).contains("attributes holds no JSON object"), warnings.get(0));
        assertFalse(warnings.get(0).contains("must-not-be-shown"), warnings.get(0));
    }

    private List<String> warningsOfThreeReadsWith(String change) {
        store.createTableIfMissing();
        store.create(SESSION, unconditional());
        database.execute("update jwt_sessions set " + change);
        try (CapturedLog log = new CapturedLog()) {
            store.find(USER, ID);
            store.find(USER, ID);
            store.list(USER);
            return log.linesOf("WARN");
        }
    }
}
