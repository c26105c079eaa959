package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.ExperimentalDeviceBinding;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.TestService;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionFilterBuilderTest {
    private static SessionFilterBuilder aFilter() {
        return SessionFilter.builder(
                TestService.aServiceOn(new InMemorySessionStore()).build());
    }

    @Test
    void aFilterNeedsAService() {
        assertEquals(
                "tokens",
                assertThrows(NullPointerException.class, () -> SessionFilter.builder(null))
                        .getMessage());
    }

    @Test
    void aFilterNeedsACarrier() {
        assertThrows(IllegalStateException.class, () -> aFilter().build());
    }

    @Test
    void settingsForBrowsersNeedCookies() {
        for (Consumer<SessionFilterBuilder> setting : List.<Consumer<SessionFilterBuilder>>of(
                builder -> builder.signInPage("/sign-in"),
                builder -> builder.stepUpPage("/step-up"),
                builder -> builder.formSecret(new byte[32]),
                builder -> builder.origins("https://shop.example"),
                builder -> builder.cookieName("shop"),
                builder -> builder.sameSite(SameSite.STRICT))) {
            SessionFilterBuilder builder = aFilter().bearer();
            setting.accept(builder);

            assertThrows(IllegalStateException.class, builder::build);
            builder.cookies().build();
        }
    }

    @Test
    void boundSessionsNeedCookiesAndAServiceThatBindsThem() {
        SessionAwareTokenService binding = TestService.aServiceOn(new InMemorySessionStore())
                .refreshTokens(TestService.refreshSecret())
                .deviceBinding(ExperimentalDeviceBinding.defaults())
                .build();
        ExperimentalDeviceBound settings = ExperimentalDeviceBound.defaults();

        assertThrows(
                IllegalStateException.class,
                () -> SessionFilter.builder(binding)
                        .bearer()
                        .deviceBound(settings)
                        .build());
        assertThrows(
                IllegalStateException.class,
                () -> aFilter().cookies().deviceBound(settings).build());
        SessionFilter.builder(binding).cookies().deviceBound(settings).build();
        for (String path : List.of("", "x", "/x/", "/x/*", "/x;y", "//x")) {
            assertThrows(IllegalArgumentException.class, () -> settings.withPath(path), path);
        }
        for (String path : List.of("static", "/", "/*")) {
            assertThrows(IllegalArgumentException.class, () -> settings.withExcluded("/static/*", path), path);
        }
        assertThrows(
                IllegalArgumentException.class, () -> settings.withRequired(session -> true, Duration.ofMillis(-1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "static",
                "/static/*/x",
                "/*x",
                "*",
                "static/*",
                "/a*b/*",
                "/a;b",
                "/a//b",
                "/a%20b",
                "/a\r\nb",
                "//a"
            })
    void aPathOfAnotherFormIsRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> aFilter().open(path));
        assertThrows(IllegalArgumentException.class, () -> aFilter().withoutActivity(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sign-in",
                "/sign-in/*",
                "/sign-in?a=b",
                "https://shop.example/sign-in",
                "//evil.example/x",
                "/a\r\nb"
            })
    void aPageOfAnotherFormIsRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> aFilter().signInPage(path));
        assertThrows(IllegalArgumentException.class, () -> aFilter().stepUpPage(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "*",
                "shop.example",
                "https://shop.example:443",
                "http://shop.example:80",
                "https://shop.example/",
                "https://Shop.example",
                "https://shop.example:",
                "ftp://shop.example",
                "https://user@shop.example"
            })
    void anOriginThatNoBrowserSendsIsRefused(String origin) {
        assertThrows(IllegalArgumentException.class, () -> aFilter().origins("https://shop.example", origin));
    }

    @Test
    void originsMayHavePortsAndAddresses() {
        aFilter()
                .cookies()
                .origins("https://shop.example:8443", "http://localhost", "http://[::1]:8080")
                .build();
        assertThrows(IllegalArgumentException.class, () -> aFilter().origins());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a-b", "a_b", "\u00e9", "123456789012345678901234567890123", "a;"})
    void aCookieNameOfAnotherFormIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> aFilter().cookieName(name));
    }

    @Test
    void aShortSecretIsRefusedWithItsLength() {
        assertEquals(
                "formSecret must have 32 random bytes or more, had 31",
                assertThrows(IllegalArgumentException.class, () -> aFilter().formSecret(new byte[31]))
                        .getMessage());
    }

    @Test
    void anApplicationGetsTheFilterForAllPathsAndDispatches() {
        List<String> calls = new ArrayList<>();
        FilterRegistration.Dynamic registration = recording(FilterRegistration.Dynamic.class, calls, null);

        aFilter().bearer().build().addTo(recording(ServletContext.class, calls, registration));

        assertEquals("addFilter", calls.get(0).substring(0, 9));
        assertEquals(
                Set.of(
                        "setAsyncSupported [true]",
                        "addMappingForUrlPatterns " + List.of(EnumSet.allOf(DispatcherType.class), true, "[/*]")),
                Set.copyOf(calls.subList(1, calls.size())));
        assertThrows(
                IllegalStateException.class,
                () -> aFilter().bearer().build().addTo(recording(ServletContext.class, calls, null)));
    }

    /** Writes each call down and returns the result. */
    private static <T> T recording(Class<T> type, List<String> calls, Object result) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    List<Object> shown = Stream.of(arguments == null ? new Object[0] : arguments)
                            .map(argument -> argument instanceof String[] texts ? List.of(texts) : argument)
                            .toList();
                    calls.add(method.getName() + " " + shown);
                    return result;
                }));
    }

    @Test
    void aFilterDoesNotChangeWithItsBuilder() {
        SessionFilterBuilder builder = aFilter().bearer();
        SessionFilter api = builder.build();

        builder.clientInfo(request -> {
            throw new AssertionError("set after the filter was built");
        });

        HttpServletRequest request = recording(HttpServletRequest.class, new ArrayList<>(), null);
        assertEquals(ClientInfo.unknown(), api.client(request));
    }
}
