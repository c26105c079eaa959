package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an editor and docs/spring-boot.md show of the properties. */
class MetadataTest {
    private static final String PREFIX = "session-aware-jwt.";
    private static final Pattern DEFAULT = Pattern.compile(" Default: ([^.]+)\\.");
    private static final Pattern CLASS_NAME = Pattern.compile("io\\.github\\.sessionaware[\\w.$]+");

    @Test
    void everyPropertyHasADescriptionThatIsASentenceWithoutAnArticle() throws IOException {
        List<String> described = new ArrayList<>();
        List<String> undescribed = new ArrayList<>();
        for (JsonNode property : properties()) {
            String description = property.path("description").asText();
            // Boot's guidelines: no article at the start, because editors show descriptions in a list.
            boolean isSentence = description.endsWith(".") && !description.matches("(The|An?) .*");
            (isSentence ? described : undescribed).add(property.get("name").textValue());
        }

        assertEquals(List.of(), undescribed);
        assertTrue(described.contains("session-aware-jwt.key.secret"), described.toString());
        assertTrue(described.contains("session-aware-jwt.store.initialize-schema"), described.toString());
    }

    @Test
    void theTableOfTheDocumentationShowsEveryProperty() throws Exception {
        StringBuilder table = new StringBuilder("| property | default | meaning |\n|---|---|---|\n");
        for (JsonNode property : properties()) {
            table.append(row(property));
        }

        String page = Files.readString(Path.of("../docs/spring-boot.md"));
        int start = page.indexOf("| property | default | meaning |");
        assertTrue(start > 0, "The page has no table");
        String documented = page.substring(start)
                .lines()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        assertEquals(table.toString(), documented, "Replace the table with:\n" + table);
    }

    /** Writes a property as the page does. A default that the description names moves to the column of defaults. */
    private static String row(JsonNode property) throws ClassNotFoundException {
        String description = property.get("description").textValue();
        Matcher described = DEFAULT.matcher(description);
        boolean isDescribed = described.find();
        JsonNode value = property.path("defaultValue");
        String byDefault = !value.isMissingNode() ? "`" + value.asText() + "`" : isDescribed ? described.group(1) : "";
        if (isDescribed) {
            description = described.replaceFirst("");
        }
        return "| `" + property.get("name").textValue().substring(PREFIX.length()) + "` | " + byDefault + " | "
                + description + values(property.get("type").textValue()) + " |\n";
    }

    /** Names the constants of an enum, as Boot's documentation spells them. */
    private static String values(String type) throws ClassNotFoundException {
        Matcher name = CLASS_NAME.matcher(type);
        Object[] constants = name.find() ? Class.forName(name.group()).getEnumConstants() : null;
        return constants == null
                ? ""
                : Arrays.stream(constants)
                        .map(constant -> ((Enum<?>) constant).name())
                        .map(each -> each.matches(".*\\d+")
                                ? each
                                : each.toLowerCase(Locale.ROOT).replace('_', '-'))
                        .collect(Collectors.joining("`, `", " Values: `", "`."));
    }

    /**
     * Returns the properties of this module. The class path has files of Boot with the same name, but ours is first.
     */
    private static JsonNode properties() throws IOException {
        try (InputStream in = SessionAwareJwtProperties.class
                .getClassLoader()
                .getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            return new ObjectMapper().readTree(in).get("properties");
        }
    }
}
