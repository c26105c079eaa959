package io.github.sessionaware.servlet;

import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ContainerRequest;

/** A connection to Jersey whose user the container has not authenticated. */
record Connection(boolean isSecure) implements SecurityContext {
    private static final URI BASE = URI.create("http://localhost/");

    /** Creates a request with a header {@code Authorization} for each value. */
    ContainerRequest request(String method, String path, String... authorization) {
        ContainerRequest request =
                new ContainerRequest(BASE, URI.create(BASE + path), method, this, new MapPropertiesDelegate(), null);
        List.of(authorization).forEach(value -> request.header("Authorization", value));
        return request;
    }

    @Override
    public Principal getUserPrincipal() {
        return null;
    }

    @Override
    public boolean isUserInRole(String role) {
        return false;
    }

    @Override
    public String getAuthenticationScheme() {
        return null;
    }
}
