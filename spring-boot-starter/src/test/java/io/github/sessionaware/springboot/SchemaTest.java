package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.bootClass;
import static io.github.sessionaware.springboot.TestApplication.onDatabase;
import static io.github.sessionaware.springboot.TestApplication.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Who creates the tables, and what happens without them. */
class SchemaTest {
    private static final String NEVER = "session-aware-jwt.store.initialize-schema=never";

    @TempDir
    private Path folder;

    /** The bean is created while the context starts, which shows that the tables exist by then. */
    static final class FirstLogin {
        FirstLogin(SessionAwareTokenService tokens) {
            tokens.issue("user-42", ClientInfo.unknown());
        }
    }

    @Test
    void tablesOfAnEmbeddedDatabaseAreCreated() {
        assertStarts(onDatabase());
    }

    @Test
    void tablesOfAServerAreNotCreatedUnlessAskedFor() {
        // Boot does not count a database in a file as embedded.
        String url = "spring.datasource.url=jdbc:h2:file:" + folder.resolve("never");
        onDatabase().withPropertyValues(url).run(context -> assertMissing(context.getStartupFailure()));
        assertStarts(onDatabase().withPropertyValues(url, "session-aware-jwt.store.initialize-schema=always"));
    }

    @Test
    void anApplicationWithoutTablesDoesNotStart() {
        onDatabase().withPropertyValues(NEVER).run(context -> assertMissing(context.getStartupFailure()));
    }

    private static void assertMissing(Throwable failure) {
        InvalidConfigurationException refusal = refusal(failure);
        assertTrue(refusal.description().contains("jwt_sessions"), refusal.description());
        assertTrue(refusal.action().contains("src/main/resources/db/migration/V1__jwt_sessions.sql"), refusal.action());
        assertTrue(refusal.action().contains("session-aware-jwt.store.initialize-schema=always"), refusal.action());
    }

    @Test
    void theCheckOfTheTablesCanBeSwitchedOff() {
        onDatabase()
                .withPropertyValues(NEVER, "session-aware-jwt.store.check-schema=false")
                .run(context -> {
                    assertNull(context.getStartupFailure());
                    context.getBean(JdbcSessionStore.class).createTableIfMissing();
                    context.getBean(SessionAwareTokenService.class).issue("user-42", ClientInfo.unknown());
                });
    }

    @Test
    void flywayCreatesTheTablesBeforeTheyAreUsed() throws IOException {
        Files.writeString(folder.resolve("V1__jwt_sessions.sql"), ddl());
        assertStarts(onDatabase()
                .withConfiguration(AutoConfigurations.of(bootClass(
                        "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
                        "org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration")))
                .withPropertyValues(NEVER, "spring.flyway.locations=filesystem:" + folder));
    }

    @Test
    @Tag("thorough")
    void liquibaseCreatesTheTablesBeforeTheyAreUsed() throws IOException {
        Files.writeString(
                folder.resolve("jwt_sessions.sql"), "--liquibase formatted sql\n--changeset shop:1\n" + ddl());
        assertStarts(onDatabase()
                .withConfiguration(AutoConfigurations.of(bootClass(
                        "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
                        "org.springframework.boot.autoconfigure.liquibase.LiquibaseAutoConfiguration")))
                .withPropertyValues(NEVER, "spring.liquibase.change-log=file:" + folder.resolve("jwt_sessions.sql")));
    }

    @Test
    void aScriptOfBootCreatesTheTablesBeforeTheyAreUsed() throws IOException {
        Files.writeString(folder.resolve("schema.sql"), ddl());
        assertStarts(onDatabase()
                .withConfiguration(AutoConfigurations.of(bootClass(
                        "org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration",
                        "org.springframework.boot.autoconfigure.sql.init.SqlInitializationAutoConfiguration")))
                .withPropertyValues(NEVER, "spring.sql.init.schema-locations=file:" + folder.resolve("schema.sql")));
    }

    /** The first bean of the context uses the tables, or checks them, whichever comes first. */
    private static void assertStarts(ApplicationContextRunner application) {
        application.run(context -> assertNull(context.getStartupFailure()));
        application.withBean(FirstLogin.class).run(context -> assertNull(context.getStartupFailure()));
    }

    @Test
    void tablesThatCannotBeCreatedStopTheStart() {
        onDatabase()
                .withPropertyValues(
                        "spring.datasource.url=jdbc:h2:mem:rights;INIT=create user if not exists GUEST password 'guest'",
                        "session-aware-jwt.store.initialize-schema=always")
                .run(owner -> onDatabase()
                        .withPropertyValues(
                                "spring.datasource.url=jdbc:h2:mem:rights",
                                "spring.datasource.username=GUEST",
                                "spring.datasource.password=guest",
                                "session-aware-jwt.store.table-name=others",
                                "session-aware-jwt.store.initialize-schema=always")
                        .run(context -> {
                            InvalidConfigurationException refusal = refusal(context.getStartupFailure());
                            assertTrue(refusal.description().startsWith("The session tables could not be created."));
                            assertTrue(refusal.action().contains("right to create tables"), refusal.action());
                            assertFalse(refusal.getMessage().contains("guest"), refusal.getMessage());
                        }));
    }

    @Test
    void theSchemaIsTheLastInitializerOfTheDatabase() {
        assertEquals(Integer.MAX_VALUE, new SessionSchemaDetector().getOrder());
    }

    private static String ddl() {
        try (InputStream in = JdbcSessionStore.class.getResourceAsStream("h2.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
