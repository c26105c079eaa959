package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an editor shows of the properties. */
class MetadataTest {
    @Test
    void everyPropertyHasADescriptionThatIsASentence() throws IOException {
        List<String> described = new ArrayList<>();
        List<String> undescribed = new ArrayList<>();
        try (InputStream in = SessionAwareJwtProperties.class
                .getClassLoader()
                .getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            // The class path has files of Boot with the same name, but ours comes first.
            for (JsonNode property : new ObjectMapper().readTree(in).get("properties")) {
                String name = property.get("name").textValue();
                String description = property.path("description").asText();
                (description.endsWith(".") ? described : undescribed).add(name);
            }
        }

        assertEquals(List.of(), undescribed);
        assertTrue(described.contains("session-aware-jwt.key.secret"), described.toString());
        assertTrue(described.contains("session-aware-jwt.store.initialize-schema"), described.toString());
    }
}
