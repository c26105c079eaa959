package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.KEY;
import static io.github.sessionaware.springboot.TestApplication.bootClass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** How Boot finds the auto-configuration, explains a failure of it, and processes it ahead of time. */
class BootTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {}

    private static SpringApplication shop(String... properties) {
        return new SpringApplicationBuilder(Shop.class)
                .web(WebApplicationType.NONE)
                .properties("spring.datasource.generate-unique-name=true")
                .properties(properties)
                .build();
    }

    @Test
    void anApplicationNeedsNothingButTwoProperties() {
        try (ConfigurableApplicationContext context = shop(ISSUER, KEY).run()) {
            SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
            assertEquals(
                    "user-42",
                    tokens.validate(tokens.issue("user-42", ClientInfo.unknown())
                                    .accessToken())
                            .userId());
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aRefusedSettingIsExplainedInPlaceOfAStackTrace(CapturedOutput output) {
        assertThrows(RuntimeException.class, () -> shop(ISSUER).run());

        assertTrue(output.getAll().contains("APPLICATION FAILED TO START"), output.getAll());
        assertTrue(output.getAll().contains("The key of the tokens is missing"), output.getAll());
        assertTrue(output.getAll().contains("Set session-aware-jwt.key.secret to"), output.getAll());
    }

    @Test
    void bootKnowsEveryAutoConfiguration() {
        List<String> names =
                ImportCandidates.load(AutoConfiguration.class, BootTest.class.getClassLoader()).getCandidates().stream()
                        .filter(name -> name.startsWith("io.github.sessionaware"))
                        .toList();

        assertTrue(names.contains(SessionStoreAutoConfiguration.class.getName()), names.toString());
        assertTrue(names.contains(SessionAwareJwtAutoConfiguration.class.getName()), names.toString());
    }

    @Test
    void theBeansAreProcessedAheadOfTimeWithTheResourcesThatTheyRead() {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        DefaultGenerationContext generation = processedAheadOfTime(files);

        Set<String> sources = files.getGeneratedFiles(Kind.SOURCE).keySet();
        assertTrue(
                sources.stream().anyMatch(name -> name.contains("SessionAwareJwtAutoConfiguration")),
                sources.toString());
        for (String database : List.of("postgresql", "mariadb", "mysql", "h2")) {
            String ddl = "io/github/sessionaware/jdbc/" + database + ".sql";
            assertNotNull(JdbcSessionStore.class.getClassLoader().getResource(ddl));
            assertTrue(RuntimeHintsPredicates.resource().forResource(ddl).test(generation.getRuntimeHints()));
        }
        assertNotNull(ClientInfoReader.class.getClassLoader().getResource("ua_parser/regexes.yaml"));
        assertTrue(RuntimeHintsPredicates.resource()
                .forResource("ua_parser/regexes.yaml")
                .test(generation.getRuntimeHints()));
        assertTrue(RuntimeHintsPredicates.reflection()
                .onType(SessionAwareJwtProperties.class)
                .test(generation.getRuntimeHints()));
    }

    @Test
    void aSwitchKeepsTheValueThatItHadWhenTheBeansWereProcessedAheadOfTime() throws IOException {
        for (String[] switchAndBean : new String[][] {
            {"session-aware-jwt.purge.enabled=false", "sessionAwareJwtPurge"},
            {"session-aware-jwt.store.type=memory", "JdbcSessionStore"}
        }) {
            assertTrue(generated().contains(switchAndBean[1]), switchAndBean[1]);
            assertFalse(generated(switchAndBean[0]).contains(switchAndBean[1]), switchAndBean[1]);
        }
        assertEquals("", generated("session-aware-jwt.enabled=false"));
        assertFalse(generated().contains("sessionAwareJwtKeyReload"));
        assertTrue(
                generated("session-aware-jwt.key-rotation.reload-interval=1h").contains("sessionAwareJwtKeyReload"));
    }

    /** Returns the sources of the library's beans. */
    private static String generated(String... properties) throws IOException {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        processedAheadOfTime(files, properties);
        StringBuilder sources = new StringBuilder();
        for (String name : files.getGeneratedFiles(Kind.SOURCE).keySet()) {
            if (name.startsWith("io/github/sessionaware/springboot/Session")) {
                sources.append(files.getGeneratedFileContent(Kind.SOURCE, name));
            }
        }
        return sources.toString();
    }

    private static DefaultGenerationContext processedAheadOfTime(InMemoryGeneratedFiles files, String... properties) {
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(Shop.class)), files);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(properties).applyTo(context);
            context.register(
                    bootClass(
                            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"),
                    SessionStoreAutoConfiguration.class,
                    SessionAwareJwtAutoConfiguration.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        generation.writeGeneratedContent();
        return generation;
    }
}
