package io.github.sessionaware.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.TestService;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionFilterBuilderTest {
    private static SessionFilterBuilder aFilter() {
        return SessionFilter.builder(
                TestService.aServiceOn(new InMemorySessionStore()).build());
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
                builder -> builder.origins("https://shop.example"))) {
            SessionFilterBuilder builder = aFilter().bearer();
            setting.accept(builder);

            assertThrows(IllegalStateException.class, builder::build);
            builder.cookies().build();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "static", "/static/*/x", "/*x", "*", "static/*", "/a*b/*"})
    void aPathOfAnotherFormIsRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> aFilter().open(path));
        assertThrows(IllegalArgumentException.class, () -> aFilter().withoutActivity(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sign-in", "/sign-in/*", "/sign-in?a=b", "https://shop.example/sign-in"})
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
}
