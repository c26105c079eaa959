package io.github.sessionaware.springboot;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The paths of Boot's actuator, wherever the properties put them. The class of Boot that knows them has moved between
 * its versions, so this calls it by reflection.
 */
final class ActuatorEndpoints {
    /** Since Boot 4.0, and before. */
    static final List<String> ENDPOINT_REQUESTS = List.of(
            "org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest",
            "org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest");

    /** The module of Boot for Spring Security is also there without an actuator. */
    private static final String ACTUATOR =
            "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties";

    private static final String[] HEALTH = {"health"};

    private final Class<?> endpointRequest;

    private ActuatorEndpoints(Class<?> endpointRequest) {
        this.endpointRequest = endpointRequest;
    }

    /** Returns the endpoints, or null without an actuator. */
    static @Nullable ActuatorEndpoints find(@Nullable ClassLoader classes) {
        if (ClassUtils.isPresent(ACTUATOR, classes)) {
            for (String name : ENDPOINT_REQUESTS) {
                if (ClassUtils.isPresent(name, classes)) {
                    return new ActuatorEndpoints(ClassUtils.resolveClassName(name, classes));
                }
            }
        }
        return null;
    }

    RequestMatcher all() {
        return matcher("toAnyEndpoint");
    }

    /** The health and its groups, and the paths outside of the actuator's that the properties add for probes. */
    RequestMatcher health() {
        return new OrRequestMatcher(
                matcher("to", (Object) HEALTH), matcher("toAdditionalPaths", WebServerNamespace.SERVER, HEALTH));
    }

    private RequestMatcher matcher(String method, Object... arguments) {
        Class<?>[] types = new Class<?>[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            types[i] = arguments[i].getClass();
        }
        Method found = Objects.requireNonNull(ReflectionUtils.findMethod(endpointRequest, method, types));
        return (RequestMatcher) Objects.requireNonNull(ReflectionUtils.invokeMethod(found, null, arguments));
    }
}
