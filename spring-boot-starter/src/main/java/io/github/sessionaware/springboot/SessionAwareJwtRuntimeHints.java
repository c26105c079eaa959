package io.github.sessionaware.springboot;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Hints for native images: resources that the library reads, and the methods that it calls by reflection. */
final class SessionAwareJwtRuntimeHints implements RuntimeHintsRegistrar {
    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.resources().registerPattern("io/github/sessionaware/jdbc/*.sql");
        // The patterns of uap-java, which ClientInfoReader loads.
        hints.resources().registerPattern("ua_parser/regexes.yaml");
        hints.reflection()
                .registerTypeIfPresent(
                        classLoader,
                        "org.springframework.jdbc.datasource.ConnectionHolder",
                        type -> type.withMethod("isTransactionActive", List.of(), ExecutableMode.INVOKE));
        for (String endpointRequest : ActuatorEndpoints.ENDPOINT_REQUESTS) {
            hints.reflection()
                    .registerTypeIfPresent(classLoader, endpointRequest, MemberCategory.INVOKE_DECLARED_METHODS);
        }
    }
}
