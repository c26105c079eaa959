package io.github.sessionaware.clientinfo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.ClientInfo;
import java.io.IOException;
import java.net.JarURLConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceNamesTest {
    private static final ClientInfoReader READER = ClientInfoReader.builder().build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Firefox on Linux | DESKTOP | Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "Firefox on Ubuntu | DESKTOP | Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "Chrome on Windows | DESKTOP | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Edge on Windows | DESKTOP | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                "Safari on macOS | DESKTOP | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                "Safari on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari on iPad | TABLET | Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1",
                "Chrome on Android | PHONE | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Chrome on Android | TABLET | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Firefox on Android | PHONE | Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
                "Chrome on Chrome OS | DESKTOP | Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Googlebot | PROGRAM | Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "curl 8.5 | PROGRAM | curl/8.5.0",
                "okhttp 4.12 | PROGRAM | okhttp/4.12.0",
                "okhttp | PROGRAM | okhttp",
                "PostmanRuntime 7.36 | PROGRAM | PostmanRuntime/7.36.1",
                "python-requests 2.31 | PROGRAM | python-requests/2.31.0",
                "Java-http-client 17.0 | PROGRAM | Java-http-client/17.0.11",
                "MyShop 3 | PHONE | MyShop/3 (Android 14)",
                "My Shop 42 | PHONE | My%20Shop/42 CFNetwork/1494 Darwin/23.4.0",
                "My Shop 1.2 | PHONE | My Shop/1.2.3 (build:7; iOS 17.7; iPhone) Alamofire/5.9",
                "iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                "Firefox on iPhone | PHONE | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15",
                "Chrome on iPad | TABLET | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126 Version/11.1.1 Safari/605.1.15",
                "Chrome on Android | PHONE | Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Firefox on Android | TABLET | Mozilla/5.0 (Android 14; Tablet; rv:128.0) Gecko/128.0 Firefox/128.0",
                "Opera on Windows | DESKTOP | Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
                " | PROGRAM | <script>alert(1)</script>",
                " | PROGRAM | 42",
                " | DESKTOP | Mozilla/5.0 ${x}NewsGator<b>;Safari/",
            })
    void aUserAgentHasANameAndAKind(String name, DeviceKind kind, String userAgent) {
        ClientInfo client = read(Map.of("User-Agent", userAgent));

        assertEquals(name, client.device());
        assertEquals(kind, DeviceKind.of(client));
        assertEquals(userAgent, client.userAgent());
    }

    @Test
    void aRequestWithoutHeadersIsUnknown() {
        assertEquals(ClientInfo.unknown(), READER.read(null, name -> null));
        assertEquals(DeviceKind.UNKNOWN, DeviceKind.of(ClientInfo.unknown()));
    }

    @ParameterizedTest
    @CsvSource({
        "\"15.0.0\", Chrome on Windows 11", "\"13.0.0\", Chrome on Windows 11", "\"10.0.0\", Chrome on Windows 10",
        "\"0.3.0\", Chrome on Windows", "13.0.0, Chrome on Windows", "\"x\", Chrome on Windows"
    })
    void aClientHintDistinguishesWindows11(String version, String name) {
        String chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Chrome/126.0.0.0 Safari/537.36";

        assertEquals(
                name,
                read(Map.of("User-Agent", chrome, "Sec-CH-UA-Platform-Version", version))
                        .device());
    }

    @Test
    void aClientHintAddsTheModelOfAPhone() {
        String chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
                + " Mobile Safari/537.36";
        for (String odd :
                List.of("", "\"\"", "\"<b>\"", "\"SM/1\"", "\"" + "x".repeat(41) + "\"", "Pixel 8", "\"a\"b\"")) {
            assertEquals(
                    "Chrome on Android",
                    read(Map.of("User-Agent", chrome, "Sec-CH-UA-Model", odd)).device(),
                    odd);
        }

        assertEquals(
                "Chrome on Android (Pixel 8)",
                read(Map.of("User-Agent", chrome, "Sec-CH-UA-Model", "\"Pixel 8\""))
                        .device());
    }

    @Test
    void aModelIsIgnoredOnADesktop() {
        String firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

        assertEquals(
                "Firefox on Linux",
                read(Map.of("User-Agent", firefox, "Sec-CH-UA-Model", "\"Pixel 8\""))
                        .device());
    }

    @Test
    void theNameComesFromTheCleanedUserAgent() {
        assertEquals(
                "Firefox on Linux",
                read(Map.of("User-Agent", "\0\u200e Mozilla/5.0 (X11;\tLinux x86_64) Gecko/20100101 Firefox/128.0"))
                        .device());
        assertEquals("curl 8.5", read(Map.of("User-Agent", "\r\ncurl/8.5.0")).device());
    }

    /** Protects the patterns from texts that would take them long. */
    @Test
    void textsThatNoBrowserSendsHaveNoName() {
        String browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

        assertEquals(
                "Firefox on Linux",
                read(Map.of("User-Agent", browser + " " + "(".repeat(7))).device());
        assertNull(read(Map.of("User-Agent", browser + " " + "(".repeat(8))).device());
        assertEquals(
                "Firefox on Linux",
                read(Map.of("User-Agent", browser + " " + "x".repeat(64))).device());
        assertNull(read(Map.of("User-Agent", browser + " " + "x".repeat(65))).device());
        assertEquals(
                "Linux",
                read(Map.of("User-Agent", "Mozilla/5.0 (X11; Linux) " + "x ".repeat(116) + "Firefox/128.0"))
                        .device());
    }

    @Test
    void theCacheKeepsTheThousandNamesThatWereUsedLast() {
        DeviceNames names = new DeviceNames();
        Headers withoutHints = new Headers(name -> null);
        IntStream.range(0, 1_000).forEach(i -> names.of(userAgent(i), withoutHints));

        names.of(userAgent(0), withoutHints);
        names.of(userAgent(1_000), withoutHints);

        assertEquals(
                IntStream.concat(IntStream.range(2, 1_000), IntStream.of(0, 1_000))
                        .mapToObj(DeviceNamesTest::userAgent)
                        .toList(),
                names.cache.keySet().stream().map(String::trim).toList());
    }

    /** The many brackets save the test a thousand runs of the parser. */
    private static String userAgent(int number) {
        return "Mozilla/5.0 " + "(".repeat(9) + number;
    }

    @Test
    void oddRequestsAreRead() {
        SplittableRandom random = new SplittableRandom(7);
        List<Map<String, String>> requests = Stream.generate(() -> Map.of(
                        "User-Agent", odd(random),
                        "Forwarded", odd(random),
                        "X-Forwarded-For", odd(random),
                        "X-Real-IP", odd(random),
                        "Sec-CH-UA-Model", odd(random),
                        "Sec-CH-UA-Platform-Version", odd(random)))
                .limit(1_000)
                .toList();

        readAll("odd requests", requests);
    }

    /** Reads the user agents that the library Yauaa (Apache-2.0) collected for its own tests. */
    @Test
    @Tag("thorough")
    void everyPublishedUserAgentIsRead() throws Exception {
        List<Map<String, String>> requests = publishedUserAgents().stream()
                .map(userAgent -> Map.of("User-Agent", userAgent))
                .toList();
        assertTrue(requests.size() > 3_000, "found " + requests.size());

        List<ClientInfo> clients = readAll("published user agents", requests);

        List<ClientInfo> browsers = clients.stream()
                .filter(client ->
                        client.userAgent() != null && client.userAgent().startsWith("Mozilla/"))
                .toList();
        long named = browsers.stream().filter(client -> client.device() != null).count();
        System.out.println("browsers: " + browsers.size() + ", with a name: " + named);
        assertTrue(named > browsers.size() * 0.95);
    }

    private static List<ClientInfo> readAll(String what, List<Map<String, String>> requests) {
        List<ClientInfoReader> readers = Stream.of(
                        ForwardingHeader.FORWARDED, ForwardingHeader.X_FORWARDED_FOR, ForwardingHeader.X_REAL_IP)
                .map(header -> ClientInfoReader.builder()
                        .trustedProxies(header, "10.0.0.0/8", "unix:")
                        .build())
                .toList();
        List<ClientInfo> clients = new ArrayList<>();
        long longest = 0;
        long begin = System.nanoTime();
        for (Map<String, String> request : requests) {
            long from = System.nanoTime();
            clients.add(readers.get(clients.size() % readers.size())
                    .read(
                            clients.size() % 2 == 0 ? "10.0.0.1" : "",
                            name -> Optional.ofNullable(request.get(name)).stream()
                                    .toList()));
            longest = Math.max(longest, System.nanoTime() - from);
        }
        for (ClientInfo client : clients) {
            DeviceKind.of(client);
            assertFalse(client.device() != null && client.device().contains("/"), client::toString);
        }
        System.out.printf(
                "%s: %d, failed: 0, %d µs each, longest %d µs%n",
                what, requests.size(), (System.nanoTime() - begin) / 1_000 / requests.size(), longest / 1_000);
        return clients;
    }

    private static Set<String> publishedUserAgents() throws IOException {
        Pattern value = Pattern.compile("(?m)^\\s*-?\\s*user_agent_string\\s*:\\s*(['\"])(.*)\\1\\s*$");
        JarURLConnection jar = (JarURLConnection)
                DeviceNamesTest.class.getResource("/UserAgents/Android.yaml").openConnection();
        Set<String> found = new LinkedHashSet<>();
        try (JarFile file = jar.getJarFile()) {
            for (JarEntry entry : Collections.list(file.entries())) {
                if (entry.getName().startsWith("UserAgents/") && entry.getName().endsWith(".yaml")) {
                    String text = new String(file.getInputStream(entry).readAllBytes(), UTF_8);
                    value.matcher(text).results().forEach(match -> found.add(match.group(2)));
                }
            }
        }
        return found;
    }

    private static String odd(SplittableRandom random) {
        List<String> pieces = List.of(
                "Mozilla/5.0 ",
                "(",
                ")",
                ";",
                "Windows NT 10.0",
                "Android",
                "Mobile",
                "Safari/",
                "Chrome/",
                "1.2.3",
                "\"",
                "\\",
                ",",
                "for=",
                "[::1]",
                "\0",
                "\ud800",
                "\r\n",
                "<script>",
                "é",
                "\ud83d\ude00",
                " ",
                "=",
                "AppleWebKit/537.36 (KHTML, like Gecko) ",
                "a".repeat(300),
                "(".repeat(300),
                "1.".repeat(300),
                "%s",
                "%2F",
                "%00",
                "%E5%BE%AE",
                "%E5%",
                "%F0%9F".repeat(40),
                "CFNetwork/1 ",
                "Macintosh; ",
                "HbbTV/1 (",
                "Tizen TV ".repeat(30),
                "PlayStation 5",
                "bot/",
                "/",
                "unix:",
                "10.0.0.1",
                "x".repeat(64 * 1024));
        StringBuilder text =
                new StringBuilder(random.nextBoolean() ? "Mozilla/5.0 (" : random.nextBoolean() ? "App" : "");
        for (int i = random.nextInt(20); i >= 0; i--) {
            // The longest one is rare, because nothing after it would be parsed.
            text.append(pieces.get(random.nextInt(random.nextInt(20) == 0 ? pieces.size() : pieces.size() - 1)));
        }
        return text.toString();
    }

    private static ClientInfo read(Map<String, String> headers) {
        return READER.read("203.0.113.9", name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of());
    }
}
