package io.github.sessionaware.examples.springboot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.springboot.SessionAwareTokenServiceBuilderCustomizer;
import io.github.sessionaware.testing.FakeClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The application over HTTP, on PostgreSQL. On a JDK that has virtual threads, it runs on those. */
class DevicesApplicationTest {
    private static final Pattern OTHER = Pattern.compile("\"id\":\"([^\"]+)\",\"current\":false");

    private static FakeClock clock;
    private static Database database;
    private static ConfigurableApplicationContext application;

    private final String alice = "alice-" + UUID.randomUUID();

    /** Without an annotation, so that the component scan finds it in no other application. */
    static class Time {
        @Bean
        SessionAwareTokenServiceBuilderCustomizer fakeClock() {
            return builder -> builder.clock(clock);
        }
    }

    @BeforeAll
    static void start() {
        clock = new FakeClock(Instant.parse("2030-01-01T00:00:00Z"));
        database = Database.start();
        List<String> arguments = new ArrayList<>(database.arguments());
        arguments.addAll(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--spring.threads.virtual.enabled=true",
                "--spring.datasource.hikari.connection-timeout=2000",
                "--session-aware-jwt.store.timeout=60s",
                "--management.endpoints.web.exposure.include=prometheus",
                "--session-aware-jwt.web.open=/actuator/prometheus"));
        application = new SpringApplicationBuilder(DevicesApplication.class, Time.class)
                .run(arguments.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        application.close();
        database.close();
    }

    private static Browser newBrowser() {
        return new Browser(
                URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port")));
    }

    private Browser signedIn() {
        database.execute(
                "insert into users (name, password) values ('" + alice + "', '{noop}right') on conflict do nothing");
        Browser browser = newBrowser();
        HttpResponse<String> response = browser.signIn(alice, "right");
        assertEquals(302, response.statusCode(), response.body());
        return browser;
    }

    private static String idOfTheOther(Browser browser) {
        return OTHER.matcher(browser.get("/sessions").body())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    @Test
    void aLiveSessionGets200AndAMissingOrForgedOneGets401() {
        Browser browser = signedIn();
        assertEquals(200, browser.status("GET", "/"));
        assertEquals(200, browser.status("GET", "/sessions"));

        assertEquals(401, newBrowser().status("GET", "/sessions"));
        browser.cookies.replaceAll((name, value) -> value.substring(0, value.length() - 8) + "forgeryX");
        assertEquals(401, browser.status("GET", "/sessions"));
    }

    @Test
    void aPageWithoutASessionLeadsToTheSignInPageAndBack() {
        Browser browser = signedIn();
        String form = "/sign-in?returnTo=%2Fsessions";

        assertTrue(newBrowser().get(form).body().contains("<form method=\"post\">"));
        HttpResponse<String> response = browser.send("POST", form, "name", alice, "password", "right");
        assertEquals(
                "/sessions",
                URI.create(response.headers().firstValue("Location").orElseThrow())
                        .getPath());
    }

    @Test
    void aWrongPasswordAndAnUnknownNameGet403() {
        signedIn();
        assertEquals(403, newBrowser().signIn(alice, "wrong").statusCode());
        assertEquals(403, newBrowser().signIn(alice + "-unknown", "right").statusCode());
        assertEquals(403, newBrowser().signIn(alice + "-unknown", "").statusCode());
    }

    @Test
    void aRequestThatAnotherSiteCausedIsRefused() {
        Browser browser = signedIn();
        signedIn();

        assertEquals(
                403,
                browser.sendFrom("cross-site", "DELETE", "/sessions?others").statusCode());
        assertEquals(
                403,
                browser.sendFrom("cross-site", "POST", "/password", "password", "right", "newPassword", "new")
                        .statusCode());
        assertEquals(
                403,
                newBrowser()
                        .sendFrom("cross-site", "POST", "/sign-in", "name", alice, "password", "right")
                        .statusCode());
        assertEquals(302, newBrowser().signIn(alice, "right").statusCode());
        assertEquals("{\"ended\":2}", browser.send("DELETE", "/sessions?others").body());
    }

    @Test
    void aDeviceThatWasSignedOutGets401AtItsNextRequest() {
        Browser phone = signedIn();
        Browser laptop = signedIn();

        assertEquals(204, laptop.status("DELETE", "/sessions/" + idOfTheOther(laptop)));

        assertEquals(401, phone.status("GET", "/sessions"));
        assertEquals(200, laptop.status("GET", "/sessions"));
    }

    @Test
    void signOutEverywhereElseLeavesThisDeviceAndSignOutEndsIt() {
        Browser phone = signedIn();
        Browser laptop = signedIn();

        assertEquals("{\"ended\":1}", laptop.send("DELETE", "/sessions?others").body());
        assertEquals(401, phone.status("GET", "/sessions"));

        Map<String, String> stolen = new TreeMap<>(laptop.cookies);
        assertEquals(200, laptop.status("POST", "/sign-out"));
        assertEquals(401, laptop.status("GET", "/sessions"));
        laptop.cookies.putAll(stolen);
        assertEquals(401, laptop.status("GET", "/sessions"));
    }

    @Test
    void anExpiredAccessTokenIsRefreshed() {
        Browser browser = signedIn();
        Map<String, String> before = new TreeMap<>(browser.cookies);

        clock.advance(Duration.ofMinutes(16));

        assertEquals(200, browser.status("GET", "/sessions"));
        assertEquals(before.size(), browser.cookies.size());
        browser.cookies.forEach((name, value) -> assertFalse(before.containsValue(value), name));
    }

    @Test
    void anOldLoginSignsAnotherDeviceOutOnlyAfterAStepUp() {
        Browser phone = signedIn();
        Browser laptop = signedIn();
        String path = "/sessions/" + idOfTheOther(laptop);
        clock.advance(Duration.ofMinutes(6));

        HttpResponse<String> refused = laptop.send("DELETE", path);
        assertEquals(401, refused.statusCode());
        assertTrue(refused.headers()
                .firstValue("WWW-Authenticate")
                .orElseThrow()
                .contains("insufficient_user_authentication"));
        assertEquals(403, laptop.status("POST", "/step-up", "password", "wrong"));
        assertEquals(401, laptop.status("DELETE", path));
        assertEquals(200, phone.status("GET", "/sessions"));

        Map<String, String> before = new TreeMap<>(laptop.cookies);
        assertEquals(200, laptop.status("POST", "/step-up", "password", "right"));
        assertEquals(204, laptop.status("DELETE", path));
        assertEquals(401, phone.status("GET", "/sessions"));

        Browser thief = newBrowser();
        thief.cookies.putAll(before);
        assertEquals(401, thief.status("GET", "/sessions"));
    }

    @Test
    void aPasswordChangeEndsTheOtherSessionsAndTheFormerPassword() {
        Browser phone = signedIn();
        Browser laptop = signedIn();

        assertEquals(403, laptop.status("POST", "/password", "password", "wrong", "newPassword", "new"));
        assertEquals(200, phone.status("GET", "/sessions"));
        Browser thief = newBrowser();
        thief.cookies.putAll(laptop.cookies);
        assertEquals(200, laptop.status("POST", "/password", "password", "right", "newPassword", "new"));

        assertEquals(401, thief.status("GET", "/sessions"));
        assertEquals(401, phone.status("GET", "/sessions"));
        assertEquals(200, laptop.status("GET", "/sessions"));
        assertEquals(403, newBrowser().signIn(alice, "right").statusCode());
        assertEquals(302, newBrowser().signIn(alice, "new").statusCode());
    }

    /** The triggers run at the commit, after the password was changed and the sessions were revoked. */
    @ParameterizedTest
    @ValueSource(strings = {"users", "jwt_sessions"})
    void aPasswordChangeThatFailsAfterTheRevocationChangesNothing(String failing) {
        Browser phone = signedIn();
        Browser laptop = signedIn();
        database.execute("""
                create or replace function fail() returns trigger language plpgsql as
                $$ begin raise exception 'the commit fails'; end $$
                """, """
                create constraint trigger failing after update or delete on %s deferrable initially deferred
                for each row execute function fail()
                """.formatted(failing));
        try {
            assertEquals(500, laptop.status("POST", "/password", "password", "right", "newPassword", "new"));
        } finally {
            database.execute("drop trigger failing on " + failing);
        }

        assertEquals(200, phone.status("GET", "/sessions"));
        assertEquals(200, laptop.status("GET", "/sessions"));
        assertEquals(403, newBrowser().signIn(alice, "new").statusCode());
        assertEquals(302, newBrowser().signIn(alice, "right").statusCode());
    }

    /**
     * The login has checked the password when the change begins, and stores its session before the change is committed.
     * So the change does not find the session.
     */
    @Test
    void aLoginInFlightDoesNotSurviveAPasswordChange() throws SQLException {
        signedIn();
        Browser late = newBrowser();
        try (Connection table = database.connect();
                Connection change = database.connect()) {
            table.setAutoCommit(false);
            execute(table, "lock table jwt_sessions in exclusive mode");
            CompletableFuture<HttpResponse<String>> login =
                    CompletableFuture.supplyAsync(() -> late.signIn(alice, "right"));
            awaitLockedOut(login);
            change.setAutoCommit(false);
            execute(change, "update users set password = '{noop}new' where name = '" + alice + "'");
            table.rollback();
            awaitLockedOut(login);
            change.commit();

            assertEquals(403, login.join().statusCode());
        }
        assertEquals(401, late.status("GET", "/sessions"));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Waits until a connection waits for a lock, or the request has its answer. */
    private static void awaitLockedOut(CompletableFuture<?> request) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            boolean isLockedOut = false;
            while (!isLockedOut && !request.isDone()) {
                try (ResultSet row = statement.executeQuery("select exists (select from pg_locks where not granted)")) {
                    isLockedOut = row.next() && row.getBoolean(1);
                }
            }
        }
    }

    /** The pool opens no connection for a moment after the last failure, so some more requests may get 503. */
    @Test
    @Timeout(60)
    void anOutageGets503AndEndsWithoutARestart() {
        Browser browser = signedIn();
        database.goDown();
        try {
            HttpResponse<String> response = browser.get("/sessions");
            assertEquals(503, response.statusCode());
            assertTrue(response.headers().firstValue("Retry-After").isPresent());
            assertEquals(503, browser.status("POST", "/sign-out"));
            assertFalse(browser.cookies.isEmpty());
        } finally {
            database.comeBack();
        }

        int status;
        do {
            status = browser.status("GET", "/sessions");
        } while (status == 503);
        assertEquals(200, status);
    }

    @Test
    void theMetersCountInTheFormatOfPrometheus() {
        String missing = "session_aware_validations_total{outcome=\"refused\",reason=\"missing\"}";
        String logins = "session_aware_logins_total{outcome=\"accepted\",reason=\"none\"}";
        Browser browser = signedIn();
        double missingBefore = meter(browser, missing);
        double loginsBefore = meter(browser, logins);

        assertEquals(401, newBrowser().status("GET", "/sessions"));
        signedIn();

        assertEquals(missingBefore + 1, meter(browser, missing));
        assertEquals(loginsBefore + 1, meter(browser, logins));
        assertTrue(
                meter(browser, "session_aware_store_calls_seconds_count{operation=\"find\",outcome=\"success\"}") > 0);
    }

    private static double meter(Browser browser, String name) {
        return browser.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    @Test
    void theMigrationIsTheDdlOfTheLibrary() throws IOException {
        try (InputStream ours = getClass().getResourceAsStream("/db/migration/V1__jwt_sessions.sql");
                InputStream librarys = JdbcSessionStore.class.getResourceAsStream("postgresql.sql")) {
            assertArrayEquals(librarys.readAllBytes(), ours.readAllBytes());
        }
    }
}
