package io.github.sessionaware.springboot;

import static io.github.sessionaware.springboot.TestApplication.ISSUER;
import static io.github.sessionaware.springboot.TestApplication.KEY;
import static io.github.sessionaware.springboot.TestApplication.OTHER_SECRET;
import static io.github.sessionaware.springboot.TestApplication.bootClass;
import static io.github.sessionaware.springboot.TestApplication.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.servlet.ExperimentalDeviceBound;
import io.github.sessionaware.servlet.SessionFilter;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.TestService;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.GenericWebApplicationContext;

/** Which beans of the web part exist under which conditions, and what an application puts in their place. */
class WebConditionsTest {
    private static final Class<?>[] OURS = {
        SessionStoreAutoConfiguration.class,
        SessionAwareJwtAutoConfiguration.class,
        SessionFilterAutoConfiguration.class,
        SessionSecurityAutoConfiguration.class
    };
    private static final String[] PROPERTIES = {
        ISSUER,
        KEY,
        "session-aware-jwt.store.type=memory",
        "session-aware-jwt.web.jwks.enabled=true",
        "session-aware-jwt.web.devices.enabled=true"
    };

    /** An application without Boot's security, but with ours. */
    private static WebApplicationContextRunner web() {
        return new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OURS))
                .withPropertyValues(PROPERTIES);
    }

    private static WebApplicationContextRunner secured() {
        return web().withConfiguration(AutoConfigurations.of(security()));
    }

    /** The auto-configuration of Boot, which has more parts since 4.0. */
    private static Class<?>[] security() {
        return Stream.concat(
                        Stream.of(
                                bootClass(
                                        "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
                                        "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration"),
                                bootClass(
                                        "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
                                        "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration"),
                                bootClass(
                                        "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
                                        "org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration")),
                        Stream.of(
                                        "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration")
                                .flatMap(WebConditionsTest::ifPresent))
                .toArray(Class<?>[]::new);
    }

    private static Stream<Class<?>> ifPresent(String name) {
        try {
            return Stream.of(Class.forName(name));
        } catch (ClassNotFoundException e) {
            return Stream.empty();
        }
    }

    private static int count(ApplicationContext context, Class<?> type) {
        return context.getBeanNamesForType(type).length;
    }

    private static FilterRegistrationBean<?> registration(ApplicationContext context, String name) {
        return context.getBean(name, FilterRegistrationBean.class);
    }

    @Test
    void withSpringSecurityTheFilterStandsInTheOneDefaultChain() {
        secured().run(context -> {
            assertEquals(1, count(context, SecurityFilterChain.class));
            assertTrue(context.getBean(FilterChainProxy.class).getFilterChains().get(0).getFilters().stream()
                    .anyMatch(SessionAuthenticationFilter.class::isInstance));
            assertFalse(
                    registration(context, "sessionAwareJwtFilterRegistration").isEnabled());
            FilterRegistrationBean<?> answers = registration(context, "sessionAwareJwtAnswersRegistration");
            assertTrue(answers.isEnabled());
            assertEquals(-101, answers.getOrder());
        });
    }

    @Test
    void withoutSpringSecurityTheFilterIsRegisteredForAllDispatches() {
        web().withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> {
                    FilterRegistrationBean<?> registration = registration(context, "sessionAwareJwtFilterRegistration");
                    assertTrue(registration.isEnabled());
                    assertSame(context.getBean(SessionFilter.class), registration.getFilter());
                    assertEquals(EnumSet.allOf(DispatcherType.class), registration.determineDispatcherTypes());
                    assertEquals(-101, registration.getOrder());
                    assertFalse(registration(context, "sessionAwareJwtAnswersRegistration")
                            .isEnabled());
                });
    }

    @Test
    void anExcludedSpringSecurityLeavesTheFilterAlone() {
        web().run(context -> {
            assertTrue(
                    registration(context, "sessionAwareJwtFilterRegistration").isEnabled());
            assertFalse(
                    registration(context, "sessionAwareJwtAnswersRegistration").isEnabled());
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRegistration {
        @Bean
        FilterRegistrationBean<SessionFilter> own(SessionFilter filter) {
            return new FilterRegistrationBean<>(filter);
        }
    }

    @Test
    void aRegistrationOfTheApplicationCounts() {
        web().withUserConfiguration(OwnRegistration.class).run(context -> {
            assertFalse(
                    registration(context, "sessionAwareJwtFilterRegistration").isEnabled());
            assertTrue(registration(context, "own").isEnabled());
        });
        web().withBean(
                        "sessionAwareJwtFilterRegistration",
                        FilterRegistrationBean.class,
                        () -> new FilterRegistrationBean<>())
                .run(context -> assertEquals(2, count(context, FilterRegistrationBean.class)));
    }

    @Test
    void aFilterOfTheApplicationCounts() {
        SessionFilter own = SessionFilter.builder(SessionAwareTokenService.builder()
                        .issuer("https://shop.example")
                        .signingKey(SigningKey.hmac256(Base64.getDecoder().decode(TestApplication.SECRET)))
                        .sessionStore(new InMemorySessionStore())
                        .build())
                .bearer()
                .build();
        secured().withBean(SessionFilter.class, () -> own).run(context -> {
            assertSame(own, context.getBean(SessionFilter.class));
            assertEquals(1, count(context, SecurityFilterChain.class));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnChain {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(new SessionSecurityConfigurer(), Customizer.withDefaults())
                    .build();
        }
    }

    @Test
    void aChainOfTheApplicationCounts() {
        secured().withUserConfiguration(OwnChain.class).run(context -> {
            assertEquals(List.of("chain"), List.of(context.getBeanNamesForType(SecurityFilterChain.class)));
        });
    }

    @Test
    void authoritiesOfTheApplicationCount() {
        SessionAuthoritiesMapper own = session -> List.of();
        secured()
                .withBean(SessionAuthoritiesMapper.class, () -> own)
                .run(context -> assertSame(own, context.getBean(SessionAuthoritiesMapper.class)));
    }

    @Test
    void aCustomizerChangesTheFilterLast() {
        cookies()
                .withBean(SessionFilterBuilderCustomizer.class, () -> builder -> builder.signInPage("/customized"))
                .run(context -> {
                    MockHttpServletRequest page = new MockHttpServletRequest("GET", "/");
                    page.addHeader("Sec-Fetch-Mode", "navigate");
                    String location =
                            answer(context.getBean(SessionFilter.class), page).getHeader("Location");
                    assertTrue(String.valueOf(location).startsWith("/customized"), location);
                });
    }

    @Test
    void noUserIsMadeWhosePasswordWouldBeInTheLog() {
        // Boot makes none either if a class of OAuth 2 is there.
        FilteredClassLoader withoutOAuth = new FilteredClassLoader("org.springframework.security.oauth2");
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(security()))
                .withClassLoader(withoutOAuth)
                .run(context -> assertEquals(1, count(context, InMemoryUserDetailsManager.class), "Boot makes one"));

        secured().withClassLoader(withoutOAuth).run(context -> {
            assertEquals(0, count(context, UserDetailsService.class));
            assertEquals(1, count(context, AuthenticationManagerResolver.class));
        });
    }

    @Test
    void aUserOfThePropertiesOrOfTheApplicationStays() {
        FilteredClassLoader withoutOAuth = new FilteredClassLoader("org.springframework.security.oauth2");
        secured()
                .withClassLoader(withoutOAuth)
                .withPropertyValues("spring.security.user.name=operator", "spring.security.user.password=secret")
                .run(context -> {
                    assertEquals(1, count(context, InMemoryUserDetailsManager.class));
                    assertEquals(0, count(context, AuthenticationManagerResolver.class));
                });
        secured()
                .withClassLoader(withoutOAuth)
                .withBean(UserDetailsService.class, InMemoryUserDetailsManager::new)
                .run(context -> assertEquals(0, count(context, AuthenticationManagerResolver.class)));
    }

    @Test
    void otherApplicationsHaveNoFilter() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OURS))
                .withPropertyValues(PROPERTIES)
                .run(context -> assertNoWeb(context));
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OURS))
                .withPropertyValues(PROPERTIES)
                .run(context -> assertNoWeb(context));
        secured().withPropertyValues("session-aware-jwt.web.enabled=false").run(context -> {
            assertEquals(1, count(context, SessionAwareTokenService.class));
            assertEquals(0, count(context, SessionFilter.class));
            assertEquals(0, count(context, SessionAuthoritiesMapper.class));
        });
        secured().withPropertyValues("session-aware-jwt.enabled=false").run(context -> assertNoWeb(context));
    }

    private static void assertNoWeb(ApplicationContext context) {
        assertEquals(0, count(context, SessionFilter.class));
        assertEquals(0, count(context, FilterRegistrationBean.class));
        assertEquals(0, count(context, SessionAuthoritiesMapper.class));
        assertEquals(0, count(context, DevicesEndpoint.class));
    }

    @Test
    void aFilterOfTheApplicationNeedsNoBeansOfTheWebPart() {
        secured()
                .withPropertyValues("session-aware-jwt.web.enabled=false")
                .withUserConfiguration(OwnFilter.class)
                .run(context -> {
                    assertEquals(1, count(context, SessionFilter.class));
                    assertEquals(0, count(context, SessionAuthoritiesMapper.class));
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFilter {
        @Bean
        SessionFilter filter(SessionAwareTokenService tokens) {
            return SessionFilter.builder(tokens).bearer().build();
        }
    }

    @Test
    void theEndpointsNeedSpringMvcAndTheirProperties() {
        secured().run(context -> {
            assertEquals(1, count(context, DevicesEndpoint.class));
            assertEquals(1, count(context, JwksEndpoint.class));
        });
        secured()
                .withPropertyValues(
                        "session-aware-jwt.web.jwks.enabled=false", "session-aware-jwt.web.devices.enabled=false")
                .run(context -> {
                    assertEquals(0, count(context, DevicesEndpoint.class));
                    assertEquals(0, count(context, JwksEndpoint.class));
                });
        secured()
                .withClassLoader(new FilteredClassLoader("org.springframework.web.servlet"))
                .run(context -> {
                    assertEquals(1, count(context, SessionFilter.class));
                    assertEquals(1, count(context, SecurityFilterChain.class));
                    assertEquals(0, count(context, DevicesEndpoint.class));
                    assertEquals(0, count(context, HandledRequests.class));
                });
    }

    @Test
    void thePublicKeysAreOpenBelowThePathOfSpringMvc() {
        String mvc = "spring.mvc.servlet.path=/api/";
        secured().withPropertyValues(mvc).run(context -> assertKeysAreOpen(context, "springSecurityFilterChain"));
        web().withPropertyValues(mvc).run(context -> assertKeysAreOpen(context, "sessionAwareJwtFilter"));
    }

    private static void assertKeysAreOpen(WebApplicationContext context, String filter)
            throws IOException, ServletException {
        assertEquals(200, status(context, filter, "/.well-known/jwks.json"));
        assertEquals(401, status(context, filter, "/orders"));
    }

    private static int status(WebApplicationContext context, String filter, String path)
            throws IOException, ServletException {
        MockServletContext servlets = new MockServletContext();
        servlets.setAttribute(WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE, context);
        MockHttpServletRequest request = new MockHttpServletRequest(servlets, "GET", "/api" + path);
        request.setServletPath("/api");
        request.setPathInfo(path);
        MockHttpServletResponse response = new MockHttpServletResponse();
        context.getBean(filter, Filter.class).doFilter(request, response, new MockFilterChain());
        return response.getStatus();
    }

    @Test
    void sessionsAreBoundToDevicesOnlyIfAskedFor() {
        web().run(context -> {
            assertEquals(0, count(context, ExperimentalDeviceBinding.class));
            assertEquals(0, count(context, ExperimentalDeviceBound.class));
        });
        bound().run(context -> {
            assertEquals(1, count(context, ExperimentalDeviceBinding.class));
            assertEquals(1, count(context, ExperimentalDeviceBound.class));
        });
    }

    @Test
    void theApplicationsOwnSettingsOfBoundSessionsReplaceTheProperties() {
        ExperimentalDeviceBinding binding = ExperimentalDeviceBinding.defaults();
        ExperimentalDeviceBound ofFilter = ExperimentalDeviceBound.defaults();
        bound().withBean(ExperimentalDeviceBinding.class, () -> binding)
                .withBean(ExperimentalDeviceBound.class, () -> ofFilter)
                .run(context -> {
                    assertSame(binding, context.getBean(ExperimentalDeviceBinding.class));
                    assertSame(ofFilter, context.getBean(ExperimentalDeviceBound.class));
                });
    }

    @Test
    void whatBoundSessionsLackIsNamedByItsProperty() {
        web().withBean(ExperimentalDeviceBound.class, ExperimentalDeviceBound::defaults)
                .run(context ->
                        assertActionNames("session-aware-jwt.device-bound.enabled=true", context.getStartupFailure()));
        web().withPropertyValues("session-aware-jwt.device-bound.enabled=true")
                .run(context ->
                        assertActionNames("session-aware-jwt.refresh-tokens.secret", context.getStartupFailure()));
    }

    private static void assertActionNames(String property, Throwable startupFailure) {
        String action = refusal(startupFailure).action();
        assertTrue(action.contains(property), action);
    }

    @ParameterizedTest
    @ValueSource(strings = {"access-token-lifetime=1ms", "challenge-lifetime=0", "path=/keys/", "excluded=static"})
    void aRefusedSettingOfBoundSessionsIsExplained(String setting) {
        bound().withPropertyValues("session-aware-jwt.device-bound." + setting).run(context -> {
            String message = refusal(context.getStartupFailure()).getMessage();
            assertTrue(message.contains("the prefix session-aware-jwt.device-bound"), message);
        });
    }

    private static WebApplicationContextRunner bound() {
        return cookies()
                .withPropertyValues(
                        "session-aware-jwt.device-bound.enabled=true",
                        "session-aware-jwt.refresh-tokens.secret=" + OTHER_SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session-aware-jwt.web.step-up-page=/step-up | carriers to bearer, cookies or both",
                "session-aware-jwt.web.open=login | A path must be like /sign-in",
                "session-aware-jwt.web.origins=shop.example | An origin must be like https://shop.example",
                "session-aware-jwt.web.jwks.max-age=1h | session-aware-jwt.web.jwks.max-age is PT1H"
            })
    void aRefusedSettingIsExplained(String property, String explanation) {
        web().withPropertyValues(property).run(context -> {
            String message = refusal(context.getStartupFailure()).getMessage();
            assertTrue(message.contains(explanation), message);
        });
    }

    @Test
    void everyPropertyReachesTheFilter() {
        cookies()
                .withPropertyValues(
                        "session-aware-jwt.web.step-up-page=/step-up",
                        "session-aware-jwt.web.origins=https://shop.example",
                        "session-aware-jwt.web.cookie-name=shop",
                        "session-aware-jwt.web.same-site=strict",
                        "session-aware-jwt.web.form-secret=" + OTHER_SECRET)
                .run(context -> {
                    SessionFilter filter = context.getBean(SessionFilter.class);
                    MockHttpServletResponse signedIn = new MockHttpServletResponse();
                    filter.signIn(
                            new MockHttpServletRequest(),
                            signedIn,
                            "alice",
                            LoginOptions.defaults()
                                    .withAuthenticatedAt(Instant.now().minusSeconds(3600)));
                    String cookie = String.valueOf(signedIn.getHeader("Set-Cookie"));
                    assertTrue(cookie.contains("-shop-"), cookie);
                    assertEquals("Strict", signedIn.getCookies()[0].getAttribute("SameSite"));

                    MockHttpServletRequest form = new MockHttpServletRequest("POST", "/form");
                    form.setCookies(signedIn.getCookies());
                    form.addHeader("Sec-Fetch-Mode", "navigate");
                    form.addHeader("Origin", "https://shop.example");
                    assertEquals("/step-up", answer(filter, form).getHeader("Location"));
                    assertTrue(filter.formFields(form).containsKey("csrf"));

                    MockHttpServletRequest foreign = new MockHttpServletRequest("POST", "/form");
                    foreign.setCookies(signedIn.getCookies());
                    foreign.addHeader("Origin", "http://localhost");
                    assertEquals(403, answer(filter, foreign).getStatus());
                });
    }

    @Test
    void aPathWithoutActivityRecordsNone() {
        FakeClock clock = new FakeClock(TestService.START);
        web().withPropertyValues("session-aware-jwt.web.without-activity=/poll")
                .withBean(SessionAwareTokenServiceBuilderCustomizer.class, () -> builder -> builder.clock(clock))
                .run(context -> {
                    SessionAwareTokenService tokens = context.getBean(SessionAwareTokenService.class);
                    String token = tokens.issue("alice", ClientInfo.unknown()).accessToken();
                    clock.advance(Duration.ofMinutes(10));

                    answer(context.getBean(SessionFilter.class), get("/poll", token));
                    assertEquals(TestService.START, lastActive(tokens));
                    answer(context.getBean(SessionFilter.class), get("/page", token));
                    assertEquals(clock.instant(), lastActive(tokens));
                });
    }

    private static Instant lastActive(SessionAwareTokenService tokens) {
        return tokens.listSessions("alice").get(0).lastActiveAt();
    }

    private static MockHttpServletRequest get(String path, String token) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setServletPath(path);
        request.addHeader("Authorization", "Bearer " + token);
        return request;
    }

    private static WebApplicationContextRunner cookies() {
        return web().withPropertyValues("session-aware-jwt.web.sign-in-page=/sign-in");
    }

    /** Returns what a request gets for a page that needs an authentication of the last minutes. */
    private static MockHttpServletResponse answer(SessionFilter filter, MockHttpServletRequest request)
            throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(
                request,
                response,
                (passed, kept) -> SessionFilter.current(passed).requireAuthenticatedWithin(Duration.ofMinutes(15)));
        return response;
    }

    @Test
    void theBeansAreProcessedAheadOfTime() {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(WebConditionsTest.class)), files);
        try (GenericWebApplicationContext context = new GenericWebApplicationContext(new MockServletContext())) {
            AnnotationConfigUtils.registerAnnotationConfigProcessors(context);
            TestPropertyValues.of(PROPERTIES).applyTo(context);
            AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(context);
            Stream.concat(Stream.of(OURS), Stream.of(security())).forEach(reader::register);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        generation.writeGeneratedContent();

        Set<String> sources = files.getGeneratedFiles(Kind.SOURCE).keySet();
        assertTrue(
                sources.stream().anyMatch(name -> name.contains("SessionSecurityAutoConfiguration")),
                sources.toString());
        assertTrue(
                sources.stream().anyMatch(name -> name.contains("SessionFilterAutoConfiguration")), sources.toString());
    }
}
