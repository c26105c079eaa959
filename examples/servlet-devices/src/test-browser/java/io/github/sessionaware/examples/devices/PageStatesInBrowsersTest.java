package io.github.sessionaware.examples.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All states of all pages, as a designer reviews them. Screenshots go to {@code target/screenshots}. */
class PageStatesInBrowsersTest {
    @RegisterExtension
    static final Chromiums browsers = new Chromiums();

    /** Those of which pictures are kept in all looks. The README shows the first. */
    private static final List<String> PICTURED = List.of("devices", "devices-many", "device", "home-notices");

    private final Map<String, String> pages = PageStates.all();

    @Test
    void allStatesAreAccessibleAndFitLightDarkAndPhone() throws Exception {
        HttpServer server = serve();
        List<String> findings = new ArrayList<>();
        try {
            Chromium browser = browsers.laptop(server.getAddress().getPort());
            browser.ofWidth(1000, 700);
            for (String name : pages.keySet()) {
                browser.light().open("/" + name).screenshot(name + "-light");
                add(findings, name + " light", browser.accessibilityViolations());
                add(findings, name + " dark", browser.dark().contrastViolations());
                if (PICTURED.contains(name)) {
                    browser.screenshot(name + "-dark");
                }
            }
            browser.light().ofWidth(390, 844);
            for (String name : PICTURED) {
                browser.open("/" + name).screenshot(name + "-phone");
            }
            browser.ofWidth(320, 640);
            for (String name : pages.keySet()) {
                browser.open("/" + name);
                add(findings, name + " on a small phone", browser.accessibilityViolations());
                assertEquals(320L, browser.script("return document.documentElement.scrollWidth"), name);
            }
            findings.addAll(browser.complaints());
        } finally {
            server.stop(0);
        }
        assertEquals(List.of(), findings);
    }

    private static void add(List<String> findings, String state, List<String> violations) {
        violations.forEach(violation -> findings.add(state + ": " + violation));
    }

    /** Serves the pages by their names, with the files and the policy of the example. */
    private HttpServer serve() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] body = path.startsWith("/static/") ? file(path) : page(path);
            exchange.getResponseHeaders().set("Content-Type", type(path));
            exchange.getResponseHeaders().set("Content-Security-Policy", SafeHeaders.POLICY);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private byte[] page(String path) {
        return pages.get(path.substring(1)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] file(String path) throws IOException {
        try (InputStream file = PageStatesInBrowsersTest.class.getResourceAsStream(path)) {
            return file.readAllBytes();
        }
    }

    private static String type(String path) {
        return path.endsWith(".css")
                ? "text/css"
                : path.endsWith(".js") ? "text/javascript" : path.endsWith(".svg") ? "image/svg+xml" : "text/html";
    }
}
