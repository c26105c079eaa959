package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks responses against {@code openapi.json} and records which of the described responses were seen. */
final class OpenApi {
    private static final String ADDRESS = "https://shop.example/openapi.json";
    private static final String NO_SUCH_PATH = "/components/responses/NoSuchPath";
    private static final String OTHER_METHOD = "/components/responses/OtherMethod";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Set<String> seen = new TreeSet<>();
    private final String text;
    private final JsonNode file;
    private final SchemaRegistry schemas;

    OpenApi() throws Exception {
        try (InputStream resource = OpenApi.class.getResourceAsStream("/openapi.json")) {
            text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        file = JSON.readTree(text);
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(true)
                .locale(Locale.ROOT)
                .build();
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                registry -> registry.schemas(Map.of(ADDRESS, text)).schemaRegistryConfig(config));
    }

    String text() {
        return text;
    }

    void check(HttpResponse<String> answer) throws Exception {
        String method = answer.request().method();
        String path = answer.request().uri().getRawPath();
        String described = response(method, path, answer.statusCode());
        String pointer = resolve(described);
        String what = method + " " + answer.uri() + " " + answer.statusCode() + " " + answer.body();
        if (file.at(pointer).isMissingNode()) {
            throw new AssertionError("not in openapi.json: " + what);
        }
        for (String name : names(file.at(pointer + "/headers"))) {
            String header = resolve(pointer + "/headers/" + name);
            List<String> values = answer.headers().allValues(name);
            assertEquals(1, values.size(), () -> name + " in " + what);
            boolean isNumber = file.at(header + "/schema/type").asText().equals("integer");
            assertValid(header + "/schema", isNumber ? values.get(0) : JSON.writeValueAsString(values.get(0)), what);
        }
        if (file.at(pointer + "/content").isMissingNode() || method.equals("HEAD")) {
            assertEquals("", answer.body(), what);
        } else {
            String type = answer.headers().firstValue("Content-Type").orElse("none");
            assertEquals(names(file.at(pointer + "/content")), Set.of(type), what);
            assertValid(pointer + "/content/" + escaped(type) + "/schema", answer.body(), what);
        }
        if (described.equals(OTHER_METHOD)) {
            String allow = answer.headers().firstValue("Allow").orElseThrow().toLowerCase(Locale.ROOT);
            assertEquals(names(file.get("paths").get(template(path))), Set.of(allow.split(", ")), what);
        }
        seen.add(described);
    }

    /** Checks that every described response was seen, and that the examples match their schemas. */
    void checkAllWereSeen() throws Exception {
        Set<String> all = new TreeSet<>(Set.of(NO_SUCH_PATH, OTHER_METHOD));
        for (String path : names(file.get("paths"))) {
            for (String method : names(file.get("paths").get(path))) {
                String responses = "/paths/" + escaped(path) + "/" + method + "/responses";
                names(file.at(responses)).forEach(status -> all.add(responses + "/" + status));
            }
        }
        Set<String> unseen = new TreeSet<>(all);
        unseen.removeAll(seen);
        assertEquals(Set.of(), unseen, "in openapi.json, but no test of this class has seen it");
        for (String described : all) {
            String content = resolve(described) + "/content/application~1json";
            JsonNode example = file.at(content + "/example");
            if (!example.isMissingNode()) {
                assertValid(content + "/schema", example.toString(), described);
            }
        }
    }

    /** Points to the description of this response, whether the file contains it or not. */
    private String response(String method, String path, int status) {
        String template = template(path);
        String operation = method.toLowerCase(Locale.ROOT);
        if (template == null) {
            return status == 404 ? NO_SUCH_PATH : "/paths/" + escaped(path);
        }
        if (status == 405 && !file.get("paths").get(template).has(operation)) {
            return OTHER_METHOD;
        }
        return "/paths/" + escaped(template) + "/" + operation + "/responses/" + status;
    }

    private String template(String path) {
        return names(file.get("paths")).stream()
                .filter(template -> path.matches(template.replace(".", "\\.").replaceAll("\\{\\w+}", "[^/]+")))
                .findFirst()
                .orElse(null);
    }

    private String resolve(String pointer) {
        JsonNode reference = file.at(pointer).get("$ref");
        return reference == null ? pointer : resolve(reference.textValue().substring(1));
    }

    private void assertValid(String pointer, String json, String what) throws Exception {
        Schema schema = schemas.getSchema(JSON.writeValueAsString(
                Map.of("$ref", ADDRESS + "#" + pointer.replace("{", "%7B").replace("}", "%7D"))));
        List<Error> errors = schema.validate(json, InputFormat.JSON);
        assertEquals(List.of(), errors, what);
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
