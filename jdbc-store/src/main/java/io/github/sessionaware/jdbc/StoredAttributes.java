package io.github.sessionaware.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.SQLDataException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Converts the attributes of a session to the text of their column and back: a JSON object with texts as values. */
final class StoredAttributes {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // The factory is shared, so it must not remember the names of every session.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private StoredAttributes() {}

    /** Returns null if there are no attributes. Sorts the names, so that equal attributes have equal texts. */
    static @Nullable String write(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            return null;
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, String> attribute : new TreeMap<>(attributes).entrySet()) {
                json.writeStringField(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Refuses every text that is not one JSON object with texts as values and without duplicate names. */
    static Map<String, String> read(@Nullable String text) throws SQLDataException {
        if (text == null) {
            return Map.of();
        }
        Map<String, String> attributes = new HashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            require(JsonToken.START_OBJECT, json);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                require(JsonToken.VALUE_STRING, json);
                attributes.put(name, json.getText());
            }
            require(null, json);
        } catch (IOException e) {
            // The parser's exception is not the cause, because its message quotes the text.
            throw SessionRow.invalid("The column attributes holds no JSON object with texts as values", null);
        }
        return attributes;
    }

    private static void require(@Nullable JsonToken next, JsonParser json) throws IOException {
        if (json.nextToken() != next) {
            throw new IOException("another token");
        }
    }
}
