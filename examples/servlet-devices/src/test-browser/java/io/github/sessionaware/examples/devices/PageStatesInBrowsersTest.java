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

/** All states of all pages: accessible and no wider than the screen. Screenshots go to {@code target/screenshots}. */
class PageStatesInBrowsersTest {
    @RegisterExtension
    static final Chromiums browsers = new Chromiums();

    /** Pictures of all states would double the time of this test. The README shows the first. */
    private static final List<String> PICTURED =
            List.of("devices", "devices-many", "device", "home-notices", "sign-out", "sign-in");

    private final Map<String, String> pages = PageStates.all();

    @Test
    void allStatesAreAccessibleAndFitLightDarkAndPhone() throws Exception {
        HttpServer server = serve();
        List<String> findings = new ArrayList<>();
        try {
            Chromium browser = browsers.laptop(server.getAddress().getPort()).withAxe();
            for (String name : pages.keySet()) {
                browser.light().ofWidth(1000, 700).open("/" + name);
                add(findings, name + " light", browser.accessibilityViolations());
                add(findings, name + " dark", browser.dark().contrastViolations());
                browser.ofWidth(320, 640);
                add(findings, name + " on a small phone", browser.accessibilityViolations());
                assertEquals(320L, browser.script("return document.documentElement.scrollWidth"), name);
            }
            for (String name : PICTURED) {
                browser.light().ofWidth(1000, 700).open("/" + name).screenshot(name + "-light");
                browser.dark().screenshot(name + "-dark");
                browser.light().ofWidth(390, 844).screenshot(name + "-phone");
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
