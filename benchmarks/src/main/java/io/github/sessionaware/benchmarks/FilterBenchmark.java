package io.github.sessionaware.benchmarks;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures what {@link SessionFilter} adds to {@code validate}, on the in-memory store, without a container. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class FilterBenchmark {
    private SessionAwareTokenService service;
    private String token;
    private SessionFilter bearer;
    private SessionFilter cookies;
    private FakeRequest withHeader;
    private FakeRequest withCookies;
    private HttpServletResponse response;

    @Setup
    public void setUp() throws Exception {
        service = Services.withDefaults(new InMemorySessionStore(), SignedWith.HS256)
                .refreshTokens("a secret of benchmarks: 32 bytes".getBytes(StandardCharsets.US_ASCII))
                .build();
        bearer = SessionFilter.builder(service).bearer().build();
        cookies = SessionFilter.builder(service).cookies().build();
        IssuedTokens issued = service.issue("user-1", Login.CLIENT);
        token = issued.accessToken();
        response = FakeRequest.response();
        withHeader = FakeRequest.withHeader("Authorization", "Bearer " + token);
        withCookies = FakeRequest.withCookiesOf(cookies, issued);
    }

    @Benchmark
    public AuthenticatedSession validate() {
        return service.validate(token);
    }

    @Benchmark
    public AuthenticatedSession bearerFilter() throws Exception {
        return through(bearer, withHeader);
    }

    @Benchmark
    public AuthenticatedSession cookieFilter() throws Exception {
        return through(cookies, withCookies);
    }

    private AuthenticatedSession through(SessionFilter filter, FakeRequest request) throws Exception {
        AuthenticatedSession[] seen = new AuthenticatedSession[1];
        FilterChain chain = (passed, out) -> seen[0] = SessionFilter.current(passed);
        filter.doFilter((ServletRequest) request.fresh(), response, chain);
        return seen[0];
    }
}
