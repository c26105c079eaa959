package io.github.sessionaware.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The application of docs/spring-boot.md, with the properties of that page. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SpringBootSamplesTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        SpringBootSamples.Users users() {
            return new SpringBootSamples.Users() {
                @Override
                public boolean isRight(String user, String password) {
                    return password.equals("right");
                }

                @Override
                public List<String> rolesOf(String userId) {
                    return List.of();
                }
            };
        }
    }

    private static WebApplication application;

    @BeforeAll
    static void start() {
        application = WebApplication.start(
                List.of(Application.class, SpringBootSamples.Logins.class),
                "session-aware-jwt.refresh-tokens.secret=" + TestApplication.OTHER_SECRET,
                "session-aware-jwt.web.open=/login,/refresh",
                "session-aware-jwt.web.devices.enabled=true",
                "session-aware-jwt.web.jwks.enabled=true",
                "session-aware-jwt.purge.enabled=false");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    @Order(1)
    void theSampleSignsInAndOutAndListsDevices() {
        assertEquals(403, login("wrong").statusCode());
        String phone = bearer(login("right"));
        String laptop = bearer(login("right"));
        assertEquals("alice", application.get("/me", "Authorization", laptop).body());

        String devices = application.get("/sessions", "Authorization", laptop).body();
        assertEquals(3, devices.split("\"id\":").length, devices);
        assertEquals(401, application.get("/sessions").statusCode());
        assertEquals(
                "{\"ended\":1}",
                application
                        .send("DELETE", "/sessions?others", "Authorization", laptop)
                        .body());
        assertEquals(401, application.get("/me", "Authorization", phone).statusCode());

        assertEquals(
                200,
                application.send("POST", "/logout", "Authorization", laptop).statusCode());
        assertEquals(401, application.get("/me", "Authorization", laptop).statusCode());
        assertEquals("{\"keys\":[]}", application.get("/.well-known/jwks.json").body());
    }

    /** The last one, because its database does not come back. */
    @Test
    @Order(2)
    void aDatabaseThatIsGoneGets503AndLeavesOpenPathsAlone() {
        String laptop = bearer(login("right"));
        application.bean(HikariDataSource.class).close();

        HttpResponse<String> answer = application.get("/me", "Authorization", laptop);

        assertEquals(503, answer.statusCode());
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
        assertEquals(503, login("right").statusCode());
        assertEquals(403, login("wrong").statusCode());
        assertEquals(401, application.get("/me", "Authorization", laptop + "x").statusCode());
    }

    private static HttpResponse<String> login(String password) {
        return application.send("POST", "/login?user=alice&password=" + password);
    }

    private static String bearer(HttpResponse<String> login) {
        assertEquals(200, login.statusCode());
        return "Bearer " + login.body().replaceFirst(".*\"accessToken\":\"([^\"]+)\".*", "$1");
    }
}
