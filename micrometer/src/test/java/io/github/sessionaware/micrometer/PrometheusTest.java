package io.github.sessionaware.micrometer;

import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.testing.TestService;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Prometheus reads. */
class PrometheusTest {

    @Test
    void theMetersHaveTheseNamesInPrometheus() {
        assertEquals(
                new TreeSet<>(List.of(
                        "session_aware_logins_total",
                        "session_aware_purged_sessions_total",
                        "session_aware_recent_read_misses_validations_total",
                        "session_aware_recent_reads_seconds_count",
                        "session_aware_recent_reads_seconds_max",
                        "session_aware_recent_reads_seconds_sum",
                        "session_aware_refreshes_total",
                        "session_aware_store_calls_seconds_count",
                        "session_aware_store_calls_seconds_max",
                        "session_aware_store_calls_seconds_sum",
                        "session_aware_store_shared_reads_count",
                        "session_aware_store_shared_reads_max",
                        "session_aware_store_shared_reads_sum",
                        "session_aware_validations_total",
                        "session_aware_verified_tokens_total")),
                new PrometheusScrape(false)
                        .samples().stream()
                                .map(sample -> sample.split("\\{", 2)[0])
                                .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everySampleIsThereBeforeTheFirstCallAndIsZero() {
        List<String> lines = new PrometheusScrape(false)
                .text()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();

        assertEquals(95, lines.size());
        lines.forEach(line -> assertTrue(line.endsWith(" 0.0") || line.endsWith(" 0"), line));
    }

    @Test
    void theHistogramAddsAsManySamplesAsItsPageSays() {
        assertEquals(
                208,
                new PrometheusScrape(true).samples().size()
                        - new PrometheusScrape(false).samples().size());
    }

    @Test
    void nothingOfAUserOrASessionIsPublished() {
        PrometheusScrape scrape = new PrometheusScrape(true);
        SessionAwareTokenService service = aServiceOn(new InMemorySessionStore())
                .refreshTokens(TestService.refreshSecret())
                .metrics(scrape.metrics())
                .build();
        String user = "user-4711";
        ClientInfo client = ClientInfo.builder()
                .device("Firefox on Linux")
                .ipAddress("192.0.2.7")
                .build();

        IssuedTokens login = service.issue(user, client);
        service.refresh(login.refreshToken(), client);
        service.validate(login.accessToken());
        assertThrows(InvalidTokenException.class, () -> service.validate("forged-token"));
        service.revokeAllSessions(user);

        String text = scrape.text();
        assertTrue(text.contains("session_aware_validations_total{outcome=\"accepted\",reason=\"none\"} 1.0"), text);
        for (String secret : List.of(
                user,
                login.session().id(),
                login.accessToken(),
                login.refreshToken(),
                "Firefox",
                "192.0.2.7",
                "forged-token",
                TestService.ISSUER)) {
            assertFalse(text.contains(secret), secret);
        }
    }
}
