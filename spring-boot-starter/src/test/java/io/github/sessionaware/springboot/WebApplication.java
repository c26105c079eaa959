package io.github.sessionaware.springboot;

import io.github.sessionaware.SessionAwareTokenService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.WebApplicationContext;

/** A running application on Tomcat, with sessions on an H2 of its own, and its client. */
final class WebApplication implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();

    private WebApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts an application of these classes, with issuer and key, and these further properties. */
    static WebApplication start(List<Class<?>> classes, String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--spring.datasource.generate-unique-name=true",
                "--spring.liquibase.enabled=false",
                "--spring.flyway.enabled=false",
                "--" + TestApplication.ISSUER,
                "--" + TestApplication.KEY));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        return new WebApplication(new SpringApplicationBuilder(classes.toArray(Class<?>[]::new))
                .properties("spring.datasource.hikari.connection-timeout=250")
                .run(arguments.toArray(String[]::new)));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    WebApplicationContext context() {
        return (WebApplicationContext) context;
    }

    SessionAwareTokenService tokens() {
        return bean(SessionAwareTokenService.class);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
