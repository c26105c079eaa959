package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/**
 * Creates the tables, or checks that they are there. It runs after Flyway, Liquibase and the scripts of Boot, because
 * {@link SessionSchemaDetector} names it as the last initializer of the database.
 *
 * @param creates whether to create what is missing
 * @param checks whether to fail if something is missing
 */
record SessionSchema(JdbcSessionStore store, boolean creates, boolean checks) implements InitializingBean {
    private static final Logger log = LoggerFactory.getLogger(SessionSchema.class);

    @Override
    public void afterPropertiesSet() {
        if (creates) {
            create();
        } else if (checks) {
            check();
        }
    }

    private void create() {
        try {
            store.createTableIfMissing();
        } catch (SessionStoreException e) {
            throw new InvalidConfigurationException(
                    "The session tables could not be created. " + e.getMessage()
                            + (e.getCause() == null
                                    ? ""
                                    : ". Cause: " + e.getCause().getMessage()),
                    "Give the database user the right to create tables. Or create them with Flyway or Liquibase, and set"
                            + " session-aware-jwt.store.initialize-schema=never",
                    e);
        }
    }

    /** Lets an application start whose database is down, because the store works as soon as it is up. */
    private void check() {
        try {
            store.schemaProblem().ifPresent(problem -> {
                throw new InvalidConfigurationException(
                        problem,
                        "With Flyway, copy the DDL of your database from the folder io/github/sessionaware/jdbc of the jar"
                                + " session-aware-jwt-jdbc-store to src/main/resources/db/migration/V1__jwt_sessions.sql;"
                                + " with Liquibase, name it in a sqlFile change. Without migrations, set"
                                + " session-aware-jwt.store.initialize-schema=always. If the tables are created later than"
                                + " the beans of Spring, set session-aware-jwt.store.check-schema=false");
            });
        } catch (SessionStoreException e) {
            log.warn("The session tables could not be checked: {}", String.valueOf(e.getCause()));
        }
    }
}
