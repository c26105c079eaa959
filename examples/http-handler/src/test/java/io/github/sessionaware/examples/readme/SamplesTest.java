package io.github.sessionaware.examples.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every Java sample in README, docs and javadoc is part of a compiled file. The comparison ignores white space. */
class SamplesTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern IN_README = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)\\* }</pre>", Pattern.DOTALL);
    private static final List<String> COMPILED = List.of(
            "examples/http-handler/src/test/java/io/github/sessionaware/examples/readme/Samples.java",
            "redis-store/src/test/java/io/github/sessionaware/redis/RedisSamplesTest.java",
            "memory-store/src/test/java/io/github/sessionaware/memory/InMemorySessionStoreContractTest.java",
            "store-tck/src/test/java/io/github/sessionaware/tck/elsewhere/MapSessionStoreContractTest.java",
            "spring-boot-starter/src/test/java/io/github/sessionaware/springboot/SpringBootSamples.java",
            "examples/frameworks/src/test/java/io/github/sessionaware/examples/frameworks/PlainServletSample.java",
            "examples/frameworks/src/test/java/io/github/sessionaware/examples/frameworks/ErrorPageSample.java",
            "examples/frameworks/src/test/java/io/github/sessionaware/examples/frameworks/SpringSecuritySample.java",
            "examples/frameworks/src/test/java/io/github/sessionaware/examples/frameworks/JaxRsSample.java",
            "examples/frameworks/src/test/java/io/github/sessionaware/examples/frameworks/JavalinSample.java",
            "examples/frameworks/src/test/java/io/github/sessionaware/examples/frameworks/HttpServerSample.java",
            "examples/frameworks/src/test/java/io/github/sessionaware/examples/frameworks/DeviceBoundSample.java");

    @Test
    void everySampleOfTheReadmeCompiles() {
        assertCompiled(samples("```java", IN_README, read(ROOT.resolve("README.md"))));
    }

    @Test
    void everySampleOfTheOtherPagesCompiles() throws IOException {
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            assertCompiled(pages.filter(Files::isRegularFile)
                    .flatMap(page -> samples("```java", IN_README, read(page)).stream())
                    .toList());
        }
    }

    @Test
    void everySampleOfTheJavadocCompiles() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<String> samples = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString()
                            .contains("src" + file.getFileSystem().getSeparator() + "main"))
                    .flatMap(file -> samples("<pre>\\{@code", IN_JAVADOC, read(file)).stream())
                    .map(sample -> sample.replaceAll("(?m)^ *\\* ?", ""))
                    .toList();
            assertCompiled(samples);
        }
    }

    private static void assertCompiled(List<String> samples) {
        List<String> compiled = COMPILED.stream()
                .map(file -> squeezed(read(ROOT.resolve(file))))
                .toList();
        assertFalse(samples.isEmpty());
        for (String sample : samples) {
            assertTrue(compiled.stream().anyMatch(code -> code.contains(squeezed(sample))), sample);
        }
    }

    private static List<String> samples(String beginning, Pattern pattern, String text) {
        List<String> samples =
                pattern.matcher(text).results().map(found -> found.group(1)).toList();
        assertEquals(text.split(beginning, -1).length - 1, samples.size(), "A sample has no end");
        return samples;
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
