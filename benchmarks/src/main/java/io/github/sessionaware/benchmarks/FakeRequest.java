package io.github.sessionaware.benchmarks;

import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.servlet.SessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A GET request that is already parsed, so that a benchmark measures the filter and not a container. */
final class FakeRequest extends HttpServletRequestWrapper {
    private static final HttpServletRequest NOTHING = nothing(HttpServletRequest.class);

    private final Map<String, String> headers;
    private final Cookie @Nullable [] cookies;
    private final Map<String, Object> attributes = new HashMap<>();

    private FakeRequest(Map<String, String> headers, Cookie @Nullable [] cookies) {
        super(NOTHING);
        this.headers = headers;
        this.cookies = cookies;
    }

    static FakeRequest withHeader(String name, String value) {
        return new FakeRequest(Map.of(name, value), null);
    }

    /** Lets the filter itself set the cookies. */
    static FakeRequest withCookiesOf(SessionFilter filter, IssuedTokens issued) {
        List<Cookie> cookies = new ArrayList<>();
        filter.replaceTokens(
                new FakeRequest(Map.of(), null),
                new HttpServletResponseWrapper(response()) {
                    @Override
                    public void addCookie(Cookie cookie) {
                        cookies.add(cookie);
                    }
                },
                issued);
        return new FakeRequest(Map.of(), cookies.toArray(Cookie[]::new));
    }

    /** Answers every question with null or false. */
    static HttpServletResponse response() {
        return nothing(HttpServletResponse.class);
    }

    /** Returns the same request again, without the attributes that the filter has set. */
    FakeRequest fresh() {
        attributes.clear();
        return this;
    }

    private static <T> T nothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? false : null));
    }

    @Override
    public @Nullable String getHeader(String name) {
        return headers.get(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        String value = headers.get(name);
        return value == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(value));
    }

    @Override
    public Cookie @Nullable [] getCookies() {
        return cookies;
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return attributes.get(name);
    }

    @Override
    public void setAttribute(String name, Object value) {
        attributes.put(name, value);
    }

    @Override
    public String getMethod() {
        return "GET";
    }

    @Override
    public DispatcherType getDispatcherType() {
        return DispatcherType.REQUEST;
    }

    @Override
    public String getRequestURI() {
        return "/orders/17";
    }

    @Override
    public String getServletPath() {
        return "/orders";
    }

    @Override
    public String getPathInfo() {
        return "/17";
    }

    @Override
    public String getRemoteAddr() {
        return "192.0.2.1";
    }
}
