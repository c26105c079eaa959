package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static io.github.sessionaware.jdbc.SampleSessions.ID;
import static io.github.sessionaware.jdbc.SampleSessions.SESSION;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the column {@code attributes} holds, and what no session may have there. */
class StoredAttributesTest {
    private final H2Database database = H2Database.inMemory();
    private final JdbcSessionStore store = new JdbcSessionStore(database.driver());

    @BeforeEach
    void createTables() {
        store.createTableIfMissing();
    }

    @Test
    void attributesAreStoredAsAJsonObjectSortedByName() {
        store.create(
                SESSION.toBuilder().attributes(Map.of("b", "x", "a", "\"1\"")).build(), unconditional());

        assertEquals("{\"a\":\"\\\"1\\\"\",\"b\":\"x\"}", stored());
    }

    @Test
    void noAttributesAreStoredAsNull() {
        store.create(SESSION, unconditional());

        assertNull(stored());
    }

    /** JSON writes each quotation mark as two characters. */
    @Test
    void theLongestTextThatJsonCanMakeOfAttributesFitsTheColumn() {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < 16; i++) {
            attributes.put("\"".repeat(i + 1), "\"".repeat(128 - i - 1));
        }
        store.create(SESSION.toBuilder().attributes(attributes).build(), unconditional());

        assertEquals(2 * 2048 + 16 * 6 + 1, stored().length());
        assertEquals(attributes, store.find(USER, ID).orElseThrow().attributes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " { \"must-not-be-shown\" : \"x\" } ",
                "{\"must-not-be-shown\":\"\\u0061\"}",
            })
    void aJsonObjectWithTextsAsValuesIsRead(String text) {
        store(text);

        assertEquals(
                text.contains("show") ? 1 : 0,
                store.find(USER, ID).orElseThrow().attributes().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "must-not-be-shown",
                "null",
                "\"must-not-be-shown\"",
                "[\"must-not-be-shown\"]",
                "{\"must-not-be-shown\"}",
                "{\"must-not-be-shown\":1}",
                "{\"must-not-be-shown\":null}",
                "{\"must-not-be-shown\":true}",
                "{\"must-not-be-shown\":{}}",
                "{\"must-not-be-shown\":[]}",
                "{\"a\":\"must-not-be-shown\",\"a\":\"must-not-be-shown\"}",
                "{\"must-not-be-shown\":\"x\"",
                "{\"must-not-be-shown\":\"x\",}",
                "{\"must-not-be-shown\":\"x\"} {}",
                "{\"must-not-be-shown\":\"x\"}}",
                "{'must-not-be-shown':'x'}",
                "{must-not-be-shown:\"x\"}",
                "{\"must-not-be-shown\":\"x\"} // comment",
                "{\"must-not-be-shown \":\"a name with a space\"}",
                "{\"must-not-be-shown\":\"\\u0000\"}"
            })
    void aRowWithAnyOtherTextIsNoSession(String text) {
        store(text);

        assertEquals(Optional.empty(), store.find(USER, ID));
        assertEquals(List.of(), store.list(USER));
    }

    private void store(String text) {
        store.create(SESSION, unconditional());
        Jdbi.create(database.driver())
                .useHandle(handle -> handle.execute("update jwt_sessions set attributes = ?", text));
    }

    private String stored() {
        return Optional.ofNullable(database.rows("jwt_sessions").get(0).get("attributes"))
                .map(Object::toString)
                .orElse(null);
    }
}
