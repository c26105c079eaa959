package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.KEY;
import static io.github.sessionaware.springboot.TestApplication.bootClass;
import static io.github.sessionaware.springboot.TestApplication.onDatabase;
import static io.github.sessionaware.springboot.TestApplication.refusal;
import static io.github.sessionaware.springboot.TestApplication.unconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.redis.LettuceAccess;
import io.github.sessionaware.redis.RedisAccess;
import io.github.sessionaware.redis.RedisSessionStore;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import redis.embedded.RedisServer;

/** Sessions in Redis, through the client that Boot configures or through one of the application's own. */
class RedisTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    private static RedisServer server;

    @BeforeAll
    static void startServer() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            server = RedisServer.newRedisServer()
                    .port(free.getLocalPort())
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .build();
        }
        server.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.stop();
    }

    /** Boot's client of Redis is an optional part of an application, so only these tests have it. */
    private static ApplicationContextRunner withClient(ApplicationContextRunner application) {
        return application
                .withConfiguration(AutoConfigurations.of(bootClass(
                        "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
                        "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration")))
                .withPropertyValues(
                        "session-aware-jwt.store.timeout=60s",
                        "spring.data.redis.host=127.0.0.1",
                        "spring.data.redis.port=" + server.ports().get(0));
    }

    private static ApplicationContextRunner onRedis() {
        return withClient(unconfigured().withPropertyValues(ISSUER, KEY));
    }

    @Test
    void aSessionInRedisEndsAtItsNextRequest() {
        onRedis().run(context -> {
            SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
            IssuedTokens issued = tokens.issue("user-42", CLIENT);

            tokens.revoke(tokens.validate(issued.accessToken()));

            assertInstanceOf(RedisSessionStore.class, context.getBean(SessionStore.class));
            assertThrows(InvalidTokenException.class, () -> tokens.validate(issued.accessToken()));
        });
    }

    /** Spring's tests stop an application that they keep for later. A restored checkpoint starts it again too. */
    @Test
    void theStoreFollowsTheClientOfBootThroughAStopAndAStart() {
        onRedis().run(context -> {
            SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
            IssuedTokens issued = tokens.issue("user-42", CLIENT);

            context.stop();
            assertThrows(SessionStoreException.class, () -> tokens.validate(issued.accessToken()));
            context.start();

            assertEquals("user-42", tokens.validate(issued.accessToken()).userId());
        });
    }

    @Test
    void anApplicationWithADatabaseHasItsSessionsInRedisUnlessItSaysOtherwise() {
        withClient(onDatabase())
                .run(context -> assertInstanceOf(RedisSessionStore.class, context.getBean(SessionStore.class)));
        withClient(onDatabase())
                .withPropertyValues("session-aware-jwt.store.type=jdbc")
                .run(context -> assertInstanceOf(JdbcSessionStore.class, context.getBean(SessionStore.class)));
    }

    @Test
    void theModuleAloneIsNoReasonToLeaveTheDatabase() {
        onDatabase().run(context -> assertInstanceOf(JdbcSessionStore.class, context.getBean(SessionStore.class)));
    }

    @Test
    void aClientWithoutTheModuleIsNoReasonToLeaveTheDatabase() {
        withClient(onDatabase())
                .withClassLoader(new FilteredClassLoader(RedisSessionStore.class))
                .run(context -> assertInstanceOf(JdbcSessionStore.class, context.getBean(SessionStore.class)));
    }

    @Test
    void theKeysBeginWithTheProperty() {
        onRedis()
                .withPropertyValues("session-aware-jwt.store.redis.key-prefix=shop:")
                .run(context -> {
                    context.getBean(SessionAwareTokenService.class).issue("user-43", CLIENT);

                    assertTrue(context.getBean(StringRedisTemplate.class).hasKey("shop:user-43"));
                });
    }

    @Test
    void withTooFewReplicasALoginFails() {
        onRedis()
                .withPropertyValues(
                        "session-aware-jwt.store.redis.replicas-acknowledging=1",
                        "session-aware-jwt.store.timeout=200ms")
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);

                    assertThrows(SessionStoreException.class, () -> tokens.issue("user-42", CLIENT));
                });
    }

    @Test
    void aClientOfTheApplicationsOwnNeedsNothingOfSpringData() {
        RedisClient client =
                RedisClient.create("redis://127.0.0.1:" + server.ports().get(0));
        unconfigured()
                .withPropertyValues(ISSUER, KEY)
                .withClassLoader(new FilteredClassLoader(LettuceConnectionFactory.class))
                .withBean(RedisAccess.class, () -> LettuceAccess.of(client))
                .run(context -> {
                    context.getBean(SessionAwareTokenService.class).issue("user-42", CLIENT);
                    assertInstanceOf(RedisSessionStore.class, context.getBean(SessionStore.class));
                });
        client.shutdown();
    }

    @Test
    void aMissingClientIsNamed() {
        for (ApplicationContextRunner application : new ApplicationContextRunner[] {
            unconfigured(), unconfigured().withClassLoader(new FilteredClassLoader(LettuceConnectionFactory.class))
        }) {
            application
                    .withPropertyValues(ISSUER, KEY, "session-aware-jwt.store.type=redis")
                    .run(context -> assertTrue(
                            refusal(context.getStartupFailure()).action().contains("JedisAccess.of")));
        }
    }

    /** Otherwise the sessions of an application with a database would be there, and nobody would notice. */
    @Test
    void jedisOfBootNeedsABeanOfTheApplication() {
        withClient(onDatabase())
                .withPropertyValues("spring.data.redis.client-type=jedis")
                .run(context -> {
                    String action = refusal(context.getStartupFailure()).action();
                    assertTrue(action.contains("JedisAccess.of"), action);
                    assertTrue(action.contains("session-aware-jwt.store.type=jdbc"), action);
                });
    }

    @Test
    void aMissingModuleIsNamed() {
        onDatabase()
                .withClassLoader(new FilteredClassLoader(RedisSessionStore.class))
                .withPropertyValues("session-aware-jwt.store.type=redis")
                .run(context -> assertEquals(
                        "Add the module session-aware-jwt-redis-store",
                        refusal(context.getStartupFailure()).action()));
    }

    @Test
    void aSettingThatTheStoreRefusesIsNamed() {
        for (String setting : new String[] {"timeout=1ms", "redis.key-prefix=", "redis.replicas-acknowledging=-1"}) {
            onRedis()
                    .withPropertyValues("session-aware-jwt.store." + setting)
                    .run(context -> assertTrue(
                            refusal(context.getStartupFailure()).action().contains("session-aware-jwt.store.redis."),
                            setting));
        }
    }

    @Test
    void redisIsPurgedOnlyIfAskedFor() {
        onRedis().run(context -> assertEquals(0, context.getBeanNamesForType(PeriodicTask.class).length));
        onRedis()
                .withPropertyValues("session-aware-jwt.purge.enabled=true")
                .run(context -> assertEquals(1, context.getBeanNamesForType(PeriodicTask.class).length));
    }

    @Test
    void theApplicationsOwnStoreReplacesThatOnRedis() {
        withClient(TestApplication.inMemory())
                .run(context -> assertEquals(0, context.getBeanNamesForType(RedisSessionStore.class).length));
    }
}
