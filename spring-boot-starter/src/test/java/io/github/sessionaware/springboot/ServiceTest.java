package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.KEY;
import static io.github.sessionaware.springboot.TestApplication.OTHER_SECRET;
import static io.github.sessionaware.springboot.TestApplication.SECRET;
import static io.github.sessionaware.springboot.TestApplication.inMemory;
import static io.github.sessionaware.springboot.TestApplication.onDatabase;
import static io.github.sessionaware.springboot.TestApplication.refusal;
import static io.github.sessionaware.springboot.TestApplication.unconfigured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.KeyRing;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimitExceededException;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.Order;

/** The service that the properties describe, and what an application puts in its place. */
class ServiceTest {
    private static final ClientInfo CLIENT = ClientInfo.unknown();

    @Test
    void issuerAndKeyAreEnough() {
        inMemory().run(context -> {
            SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
            IssuedTokens issued = tokens.issue("user-42", CLIENT);

            assertEquals("user-42", tokens.validate(issued.accessToken()).userId());
            assertNull(issued.refreshToken());
        });
    }

    @Test
    void aTokenThatCannotBeRefreshedLivesAsLongAsItsSession() {
        inMemory().run(context -> assertEquals(Duration.ofDays(30), lifetime(context.getBean(tokens()))));
        inMemory()
                .withPropertyValues("session-aware-jwt.absolute-timeout=20d")
                .run(context -> assertEquals(Duration.ofDays(20), lifetime(context.getBean(tokens()))));
        inMemory()
                .withPropertyValues("session-aware-jwt.access-token-lifetime=7m")
                .run(context -> assertEquals(Duration.ofMinutes(7), lifetime(context.getBean(tokens()))));
    }

    @Test
    void aSecretSwitchesRefreshTokensOn() {
        inMemory()
                .withPropertyValues("session-aware-jwt.refresh-tokens.secret=" + OTHER_SECRET)
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(tokens());
                    IssuedTokens issued = tokens.issue("user-42", CLIENT);

                    assertEquals(Duration.ofMinutes(15), lifetime(tokens));
                    assertNotNull(tokens.refresh(issued.refreshToken(), CLIENT).refreshToken());
                });
    }

    @Test
    void everyPropertyReachesTheService() {
        inMemory()
                .withPropertyValues(
                        "session-aware-jwt.audiences=https://api.example,https://other.example",
                        "session-aware-jwt.token-type=JWT",
                        "session-aware-jwt.session-id-claim=session",
                        "session-aware-jwt.access-token-lifetime=5m",
                        "session-aware-jwt.idle-timeout=1d",
                        "session-aware-jwt.absolute-timeout=2d",
                        "session-aware-jwt.activity-interval=2m",
                        "session-aware-jwt.leeway=3s",
                        "session-aware-jwt.verified-token-cache-size=7",
                        "session-aware-jwt.accept-stateless-tokens-until=2030-01-01T00:00:00Z",
                        "session-aware-jwt.key.id=2026-11",
                        "session-aware-jwt.refresh-tokens.secret=" + OTHER_SECRET,
                        "session-aware-jwt.refresh-tokens.grace-window=20s",
                        "session-aware-jwt.refresh-tokens.refuse-retries-from-another=DEVICE",
                        "session-aware-jwt.session-limit.max=1",
                        "session-aware-jwt.session-limit.at-limit=REFUSE_LOGIN")
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(tokens());
                    IssuedTokens issued = tokens.issue("user-42", CLIENT);
                    String[] parts = issued.accessToken().split("\\.", 3);
                    String header = decoded(parts[0]);
                    String claims = decoded(parts[1]);

                    assertTrue(header.contains("\"typ\":\"JWT\""), header);
                    assertTrue(header.contains("\"kid\":\"2026-11\""), header);
                    assertTrue(claims.contains("\"aud\":[\"https://api.example\",\"https://other.example\"]"), claims);
                    assertTrue(
                            claims.contains("\"session\":\"" + issued.session().id()), claims);
                    assertEquals(Duration.ofMinutes(5), lifetime(issued));
                    Session session = issued.session();
                    assertEquals(Duration.ofDays(1), Duration.between(session.createdAt(), session.expiresAt()));
                    assertThrows(SessionLimitExceededException.class, () -> tokens.issue("user-42", CLIENT));
                    assertEquals(
                            InvalidTokenException.Reason.RETRY_FROM_ELSEWHERE,
                            retriedElsewhere(tokens).reason());
                });
    }

    private static InvalidTokenException retriedElsewhere(SessionAwareTokenService tokens) {
        ClientInfo phone = ClientInfo.builder().device("Phone").build();
        String used = tokens.issue("user-7", phone).refreshToken();
        tokens.refresh(used, phone);
        return assertThrows(
                InvalidTokenException.class,
                () -> tokens.refresh(used, ClientInfo.builder().device("Tablet").build()));
    }

    @Test
    void tokensOfAFormerIssuerAreAccepted() {
        InMemorySessionStore store = new InMemorySessionStore();
        SessionAwareTokenService former = SessionAwareTokenService.builder()
                .issuer("https://old.example")
                .signingKey(SigningKey.hmac256(Base64.getDecoder().decode(SECRET)))
                .sessionStore(store)
                .build();
        String token = former.issue("user-42", CLIENT).accessToken();

        inMemory()
                .withBean(InMemorySessionStore.class, () -> store)
                .withPropertyValues("session-aware-jwt.accept-former[0].issuer=https://old.example")
                .run(context -> assertEquals(
                        "user-42", context.getBean(tokens()).validate(token).userId()));
    }

    @Test
    void zeroIsNoLimitOfSessions() {
        inMemory()
                .withPropertyValues(
                        "session-aware-jwt.session-limit.max=0",
                        "session-aware-jwt.session-limit.at-limit=REFUSE_LOGIN")
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(tokens());
                    for (int login = 0; login < 101; login++) {
                        tokens.issue("user-42", CLIENT);
                    }
                    assertEquals(101, tokens.listSessions("user-42").size());
                });
    }

    @Test
    void aCustomizerHasTheLastWord() {
        inMemory()
                .withPropertyValues("session-aware-jwt.refresh-tokens.secret=" + OTHER_SECRET)
                .withBean(
                        SessionAwareTokenServiceBuilderCustomizer.class,
                        () -> builder -> builder.accessTokenLifetime(Duration.ofMinutes(1))
                                .claimsOnRefresh((userId, session) -> Map.of("roles", List.of("admin"))))
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(tokens());
                    IssuedTokens issued = tokens.issue(
                            "user-42", CLIENT, LoginOptions.defaults().withClaims(Map.of("roles", List.of("user"))));
                    IssuedTokens refreshed = tokens.refresh(issued.refreshToken(), CLIENT);

                    assertEquals(Duration.ofMinutes(1), lifetime(tokens));
                    assertEquals(
                            List.of("admin"),
                            tokens.validate(refreshed.accessToken()).claimList("roles", String.class));
                });
    }

    @Test
    void listenersAreNotifiedInTheirOrder() {
        List<String> notified = new ArrayList<>();
        @Order(2)
        class Second implements SessionListener {
            @Override
            public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
                notified.add("second");
            }
        }
        @Order(1)
        class First implements SessionListener {
            @Override
            public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
                notified.add("first");
            }
        }
        inMemory()
                .withBean(Second.class, Second::new)
                .withBean(First.class, First::new)
                .run(context -> {
                    context.getBean(tokens()).issue("user-42", CLIENT);
                    assertEquals(List.of("first", "second"), notified);
                });
    }

    @Test
    void theApplicationsOwnServiceReplacesThatOfTheProperties() {
        SessionAwareTokenService own = SessionAwareTokenService.builder()
                .issuer("https://own.example")
                .signingKey(SigningKey.hmac256(Base64.getDecoder().decode(SECRET)))
                .sessionStore(new InMemorySessionStore())
                .build();
        unconfigured().withBean(SessionAwareTokenService.class, () -> own).run(context -> {
            assertNull(context.getStartupFailure());
            assertSame(own, context.getBean(tokens()));
            assertEquals(0, context.getBeanNamesForType(SessionKeys.class).length);
        });
    }

    @Test
    void theApplicationsOwnKeysReplaceThoseOfTheProperties() {
        KeyRing ring = KeyRing.of(SigningKey.hmac256(Base64.getDecoder().decode(OTHER_SECRET)));
        unconfigured()
                .withPropertyValues(ISSUER, "session-aware-jwt.store.type=memory")
                .withBean("keys", SessionKeys.class, () -> () -> ring)
                .run(context -> {
                    assertNull(context.getStartupFailure());
                    assertSame(ring, context.getBean(SessionKeys.class).get());
                });
    }

    @Test
    void theApplicationsOwnReaderOfDevicesReplacesThatOfTheProperties() {
        ClientInfoReader own = ClientInfoReader.builder().build();
        inMemory()
                .withBean(ClientInfoReader.class, () -> own)
                .run(context -> assertSame(own, context.getBean(ClientInfoReader.class)));
    }

    @Test
    void theReaderOfDevicesFollowsTheProperties() {
        inMemory()
                .withPropertyValues(
                        "session-aware-jwt.client.trusted-proxies=10.0.0.0/8",
                        "session-aware-jwt.client.forwarding-header=X_REAL_IP",
                        "session-aware-jwt.client.address-privacy=shortened")
                .run(context -> assertEquals(
                        "192.0.2.0/24",
                        context.getBean(ClientInfoReader.class)
                                .read("10.0.0.1", name -> name.equals("X-Real-IP") ? List.of("192.0.2.7") : List.of())
                                .ipAddress()));
        inMemory()
                .withPropertyValues("session-aware-jwt.client.trusted-proxies=proxy.example")
                .run(context -> assertTrue(
                        refusal(assertThrows(RuntimeException.class, () -> context.getBean(ClientInfoReader.class)))
                                .description()
                                .contains("session-aware-jwt.client")));
    }

    @Test
    void oneSwitchTurnsEverythingOff() {
        unconfigured().withPropertyValues("session-aware-jwt.enabled=false").run(context -> {
            assertNull(context.getStartupFailure());
            assertEquals(0, context.getBeanNamesForType(tokens()).length);
        });
    }

    @Test
    void anApplicationWithoutActuatorStarts() {
        inMemory()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> {
                    assertNull(context.getStartupFailure());
                    assertEquals(0, context.getBeanNamesForType(SecretSanitizer.class).length);
                });
    }

    @Test
    void anApplicationWithoutSpringJdbcStartsOnItsOwnStore() {
        unconfigured()
                .withPropertyValues(ISSUER, KEY)
                .withBean(InMemorySessionStore.class, InMemorySessionStore::new)
                .withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.transaction"))
                .run(context -> {
                    assertNull(context.getStartupFailure());
                    context.getBean(tokens()).issue("user-42", CLIENT);
                });
    }

    @Test
    void aMissingIssuerIsNamedWithItsProperty() {
        assertRefused(
                unconfigured().withPropertyValues(KEY, "session-aware-jwt.store.type=memory"),
                "The issuer of the tokens is missing",
                "session-aware-jwt.issuer=https://shop.example");
    }

    @Test
    void aSettingThatTheServiceRefusesIsNamedWithItsProperty() {
        assertRefused(
                inMemory().withPropertyValues("session-aware-jwt.leeway=2m"),
                "session-aware-jwt.leeway is refused: leeway must be 0 to 60 s, was PT2M",
                "session-aware-jwt.leeway");
        assertRefused(
                inMemory().withPropertyValues("session-aware-jwt.session-limit.max=-1"),
                "session-aware-jwt.session-limit is refused",
                "session-aware-jwt.session-limit");
    }

    @Test
    void aStoreThatJoinsTransactionsRefusesToAnswerFromRecentReads() {
        assertRefused(
                onDatabase().withPropertyValues("session-aware-jwt.max-staleness=5s"),
                "session-aware-jwt.max-staleness has no effect on a store that joins transactions",
                "session-aware-jwt.store.join-transactions=false");
    }

    @Test
    void aValidateGoesByARecentReadWithinTheProperty() {
        SwitchableStore store = new SwitchableStore();
        unconfigured()
                .withBean(SessionStore.class, () -> store)
                .withPropertyValues(ISSUER, KEY, "session-aware-jwt.max-staleness=1m")
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(tokens());
                    IssuedTokens issued = tokens.issue("user-42", CLIENT);
                    tokens.validate(issued.accessToken());

                    store.isDown = true;

                    assertEquals(
                            "user-42", tokens.validate(issued.accessToken()).userId());
                });
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertRefused(
                inMemory().withPropertyValues("session-aware-jwt.idle-timeout=40d"),
                "idleTimeout (PT960H) must not be longer than absoluteTimeout (PT720H)",
                "session-aware-jwt.absolute-timeout");
        assertRefused(
                inMemory().withPropertyValues("session-aware-jwt.refresh-tokens.former-secrets=" + OTHER_SECRET),
                "former-secrets needs session-aware-jwt.refresh-tokens.secret",
                "secret");
        assertRefused(
                inMemory().withPropertyValues("session-aware-jwt.refresh-tokens.secret=" + SECRET),
                "secret of a signing key",
                "session-aware-jwt");
    }

    @Test
    void aMissingStoreIsNamedWithWhatToAdd() {
        assertRefused(
                unconfigured()
                        .withPropertyValues(ISSUER, KEY)
                        .withClassLoader(new FilteredClassLoader("org.springframework.jdbc")),
                "The session store is missing",
                "spring-boot-starter-jdbc");
        assertRefused(
                inMemory().withClassLoader(new FilteredClassLoader(InMemorySessionStore.class)),
                "The session store is missing",
                "session-aware-jwt-memory-store");
    }

    private static void assertRefused(ApplicationContextRunner application, String description, String action) {
        application.run(context -> {
            InvalidConfigurationException refusal = refusal(context.getStartupFailure());
            assertTrue(refusal.description().contains(description), refusal.description());
            assertTrue(refusal.action().contains(action), refusal.action());
            assertFalse(refusal.getMessage().contains(SECRET));
        });
    }

    private static Class<SessionAwareTokenService> tokens() {
        return SessionAwareTokenService.class;
    }

    private static Duration lifetime(SessionAwareTokenService tokens) {
        return lifetime(tokens.issue("lifetime", CLIENT));
    }

    /** The claim exp has whole seconds, so the difference is rounded up to the second. */
    private static Duration lifetime(IssuedTokens issued) {
        String claims = decoded(issued.accessToken().split("\\.", 3)[1]);
        return Duration.ofSeconds(number(claims, "exp") - number(claims, "iat"));
    }

    private static long number(String json, String claim) {
        return Long.parseLong(json.replaceAll(".*\"" + claim + "\":(\\d+).*", "$1"));
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
