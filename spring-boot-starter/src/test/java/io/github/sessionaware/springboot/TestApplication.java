package io.github.sessionaware.springboot;

import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications without a web server, on the auto-configurations that a test names. */
final class TestApplication {
    static final String SECRET = "q1P6l0m2n5b7Vd8eR3tY9uI4oP6aS1dF2gH5jK8lZ0w=";
    static final String OTHER_SECRET = "Zk7wq3Tn9Xc5Vb1Mm8Ll2Kk6Jj4Hh0Gg3Ff7Dd9Ss1A=";
    static final String ISSUER = "session-aware-jwt.issuer=https://shop.example";
    static final String KEY = "session-aware-jwt.key.secret=" + SECRET;

    private TestApplication() {}

    /** Without issuer, key and store. */
    static ApplicationContextRunner unconfigured() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SessionStoreAutoConfiguration.class, SessionAwareJwtAutoConfiguration.class));
    }

    static ApplicationContextRunner inMemory() {
        return unconfigured().withPropertyValues(ISSUER, KEY, "session-aware-jwt.store.type=memory");
    }

    /** On an H2 of its own, in a HikariCP pool, with Spring's transactions. */
    static ApplicationContextRunner onDatabase() {
        return unconfigured().withPropertyValues(ISSUER, KEY).withConfiguration(AutoConfigurations.of(database()));
    }

    /** The auto-configurations of a database in a pool, with Spring's transactions. */
    static Class<?>[] database() {
        return new Class<?>[] {
            bootClass(
                    "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                    "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"),
            bootClass(
                    "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
                    "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration"),
            bootClass(
                    "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
                    "org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration")
        };
    }

    /** Returns a class of Boot that has one name since Boot 4.0 and another one before. */
    static Class<?> bootClass(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> {
                    try {
                        return Stream.of(Class.forName(name));
                    } catch (ClassNotFoundException e) {
                        return Stream.empty();
                    }
                })
                .findFirst()
                .orElseThrow();
    }

    /** Returns the failure of the start that the analyzer of the library explains. */
    static InvalidConfigurationException refusal(Throwable startupFailure) {
        for (Throwable cause = startupFailure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidConfigurationException refusal) {
                return refusal;
            }
        }
        throw new AssertionError("Expected a refused configuration", startupFailure);
    }
}
