package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.springboot.TestServer.Answer;
import io.github.sessionaware.testing.TestDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** A property switches the binding of sessions to devices on, in front of Spring Security. */
class DeviceBoundTest {
    private static final String SAME_SITE = "Sec-Fetch-Site: same-origin";
    private static final String PAGE = "Sec-Fetch-Mode: navigate";
    private static final Pattern OFFER = Pattern.compile(".*path=\"([^\"]+)\";challenge=\"([^\"]+)\"");
    private static final Pattern CHALLENGE = Pattern.compile("\"([^\"]+)\";id=\"([^\"]+)\"");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Pages.Infrastructure.class, Pages.class, SpringBootSamples.DeviceBinding.class, Recorder.class})
    static class Shop {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(new SessionSecurityConfigurer(), Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/api/sign-in")
                            .permitAll()
                            .requestMatchers("/device-bound/**")
                            .denyAll()
                            .anyRequest()
                            .authenticated())
                    .build();
        }
    }

    static class Recorder {
        final List<SessionEvent> all = Collections.synchronizedList(new ArrayList<>());

        @EventListener
        void on(SessionEvent event) {
            all.add(event);
        }
    }

    @RegisterExtension
    static final TestServer server = new TestServer(
            Shop.class,
            "session-aware-jwt.device-bound.enabled=true",
            "session-aware-jwt.device-bound.access-token-lifetime=3m",
            "session-aware-jwt.web.sign-in-page=/sign-in");

    private static Matcher matched(Pattern form, String header) {
        Matcher matcher = form.matcher(header);
        assertTrue(matcher.matches(), header);
        return matcher;
    }

    private static String cookies(Answer answer) {
        return "Cookie: " + answer.cookies();
    }

    private static Answer bound(TestDevice device, String user) {
        Answer signIn = server.post("/api/sign-in?user=" + user, SAME_SITE);
        Matcher offer = matched(OFFER, signIn.header("secure-session-registration"));
        return server.post(
                offer.group(1),
                SAME_SITE,
                cookies(signIn),
                "Secure-Session-Response: " + device.registration(offer.group(2)));
    }

    @Test
    void aSessionIsBoundAndRenewedBeforeTheRulesOfTheChain() {
        server.context().getBean(Recorder.class).all.clear();
        TestDevice device = TestDevice.es256();

        Answer binding = bound(device, "alice");

        assertEquals(200, binding.status());
        assertEquals("alice alice", server.get("/me", cookies(binding)).body());
        Matcher next = matched(CHALLENGE, binding.header("secure-session-challenge"));
        server.clock().advance(Duration.ofMinutes(4));
        Answer late = server.get("/me", cookies(binding), PAGE);
        assertEquals(307, late.status());
        assertEquals("/me", late.header("location"));
        String[] renewal = {
            SAME_SITE,
            "Sec-Secure-Session-Id: " + next.group(2),
            "Secure-Session-Response: " + device.renewal(next.group(1))
        };
        Answer renewed = server.post("/device-bound/renewal", renewal);
        assertEquals("alice alice", server.get("/me", cookies(renewed)).body());
        assertEquals(403, server.post("/device-bound/renewal", renewal).status());
        assertEquals(
                List.of("Created", "DeviceBound", "Refreshed", "DeviceProofRefused"),
                server.context().getBean(Recorder.class).all.stream()
                        .map(event -> event.getClass().getSimpleName())
                        .toList());
    }

    @Test
    void aSessionThatMustBeBoundIsRefusedByTheRulesOfTheChain() {
        Answer signIn = server.post("/api/sign-in?user=root", SAME_SITE);
        assertEquals("root root", server.get("/me", cookies(signIn)).body());
        server.clock().advance(Duration.ofMinutes(1).plusMillis(1));

        Answer refused = server.get("/me", cookies(signIn), PAGE);

        assertEquals("/sign-in?ended=not-device-bound&returnTo=%2Fme", refused.header("location"));
        assertEquals(
                "root root",
                server.get("/me", cookies(bound(TestDevice.es256(), "root"))).body());
    }
}
