package io.github.sessionaware.examples.devices;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A headless Chromium with its own profile. Its start takes seconds, so tests share it: {@link #visit} makes it as new.
 */
final class Chromium implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String AXE = axe();

    private final Path profile;
    private final Map<String, String> environment;
    private final List<String> more;
    private final ChromeDriver driver;
    private String server = "";

    private Chromium(Path profile, boolean hasScripts, Map<String, String> environment, List<String> more) {
        this.profile = profile;
        this.environment = environment;
        this.more = more;
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--lang=en",
                "--window-size=1100,900",
                "--user-data-dir=" + profile);
        options.addArguments(more);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        if (!hasScripts) {
            options.setExperimentalOption("prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                        .withEnvironment(environment)
                        .build(),
                options);
    }

    static Chromium start() throws IOException {
        return new Chromium(newProfile(), true, Map.of(), List.of());
    }

    static Chromium startWithoutScripts() throws IOException {
        return new Chromium(newProfile(), false, Map.of(), List.of());
    }

    /** Starts a browser with further arguments, whose home folder has the certificates that it trusts. */
    static Chromium startWith(Path home, String... arguments) throws IOException {
        return new Chromium(newProfile(), true, Map.of("HOME", home.toString()), List.of(arguments));
    }

    private static Path newProfile() throws IOException {
        return Files.createTempDirectory("chromium");
    }

    /** Closes this browser, and starts another one with its cookies and whatever else it keeps. */
    Chromium restarted() {
        driver.quit();
        Chromium next = new Chromium(profile, true, environment, more);
        next.server = server;
        return next;
    }

    /** Opens pages of this server from now on. */
    Chromium at(String url) {
        server = url;
        return this;
    }

    /** Forgets everything, and opens pages of this server from now on. */
    Chromium visit(int port) {
        server = "http://localhost:" + port;
        driver.get("about:blank");
        tell("Network.enable", Map.of());
        tell("Network.clearBrowserCookies", Map.of());
        tell("Network.setExtraHTTPHeaders", Map.of("headers", Map.of()));
        tell("Emulation.setUserAgentOverride", Map.of("userAgent", ""));
        tell("Emulation.setTimezoneOverride", Map.of("timezoneId", ""));
        tell("Emulation.clearDeviceMetricsOverride", Map.of());
        complaints();
        return light();
    }

    /** Sends this client address with all requests, as a proxy would. */
    Chromium from(String address) {
        return tell("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("X-Forwarded-For", address)));
    }

    Chromium withUserAgent(String userAgent) {
        return tell("Emulation.setUserAgentOverride", Map.of("userAgent", userAgent));
    }

    Chromium light() {
        return prefer("light");
    }

    Chromium dark() {
        return prefer("dark");
    }

    private Chromium prefer(String scheme) {
        return tell(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    Chromium ofWidth(int width, int height) {
        return tell(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1.5, "mobile", width < 600));
    }

    Chromium inZone(String zone) {
        return tell("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
    }

    private Chromium tell(String command, Map<String, Object> parameters) {
        driver.executeCdpCommand(command, parameters);
        return this;
    }

    Chromium open(String path) {
        driver.get(server + path);
        return this;
    }

    Chromium openElsewhere(String address) {
        driver.get(address);
        return this;
    }

    Chromium signIn(String user) {
        return open("/sign-in").fillInSignIn(user).expectPath("/");
    }

    /** Signs in on the page that is open. */
    Chromium fillInSignIn(String user) {
        type(By.id("user"), user);
        type(By.id("password"), Users.DEMO.get(user));
        return click("Sign in");
    }

    /** Clicks a button or link by its accessible name, and waits for it if the page is still loading. */
    Chromium click(String name) {
        soon("something named \"" + name + "\"")
                .until(any -> driver.findElements(By.cssSelector("button, a, summary")).stream()
                        .filter(element -> element.getAccessibleName().equals(name))
                        .findFirst()
                        .orElse(null))
                .click();
        return this;
    }

    Chromium type(By field, String text) {
        WebElement element = driver.findElement(field);
        element.clear();
        element.sendKeys(text);
        return this;
    }

    /** Presses the tab key until the element with this accessible name has the focus. */
    Chromium tabTo(String name) {
        for (int presses = 0; presses < 40; presses++) {
            driver.switchTo().activeElement().sendKeys(Keys.TAB);
            if (driver.switchTo().activeElement().getAccessibleName().equals(name)) {
                return this;
            }
        }
        throw new AssertionError("the tab key does not reach \"" + name + "\"");
    }

    Chromium press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        return this;
    }

    /** Waits for the focus, which a page may get after it has loaded. */
    Chromium expectFocusOnText(String text) {
        soon("the focus on " + text)
                .until(any -> driver.switchTo().activeElement().getText().equals(text));
        return this;
    }

    /** Waits for the focus, which a page may get after it has loaded. */
    Chromium expectFocusOn(By element) {
        soon("the focus on " + element)
                .until(any -> driver.switchTo().activeElement().equals(driver.findElement(element)));
        return this;
    }

    Chromium back() {
        driver.navigate().back();
        return this;
    }

    String path() {
        return driver.getCurrentUrl().replace(server, "");
    }

    Chromium expectPath(String path) {
        soon(path).until(any -> path().equals(path));
        return this;
    }

    Chromium expectText(String text) {
        soon("the text " + text).until(any -> text().contains(text));
        return this;
    }

    Chromium expectNoText(String text) {
        soon("no text " + text).until(any -> !text().contains(text));
        return this;
    }

    /** Loads a page again and again until it has the text. */
    Chromium expectAfterReloads(String path, String text) {
        soon("the text " + text).until(any -> open(path).text().contains(text));
        return this;
    }

    /**
     * Waits until the browser has dropped each cookie whose name begins like this: because of its age, or as an answer
     * asked.
     */
    Chromium expectExpiryOf(String cookie) {
        soon("no cookie " + cookie)
                .until(any ->
                        cookies().stream().noneMatch(each -> each.getName().startsWith(cookie)));
        return this;
    }

    /** Returns the name of the first device on the list, which is this one. */
    String heading() {
        return driver.findElement(By.cssSelector(".device h2 bdi")).getText();
    }

    private WebDriverWait soon(String expected) {
        WebDriverWait wait = new WebDriverWait(driver, Duration.ofSeconds(60));
        wait.ignoring(StaleElementReferenceException.class, NoSuchElementException.class);
        wait.withMessage(() -> "expected " + expected + " at " + path() + ":\n" + text() + "\n");
        return wait;
    }

    String text() {
        return driver.findElement(By.tagName("main")).getText();
    }

    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Loads a page in this tab and a new one at the same time. Returns the paths at which both end. */
    List<String> loadInTwoTabs(String path) {
        String first = driver.getWindowHandle();
        Set<String> before = driver.getWindowHandles();
        driver.executeScript("window.open(arguments[0], '_blank'); location.href = arguments[0];", path);
        soon("two tabs").until(any -> driver.getWindowHandles().size() == before.size() + 1);
        List<String> ends = driver.getWindowHandles().stream()
                .map(tab -> {
                    driver.switchTo().window(tab);
                    soon("a page")
                            .until(any -> "complete".equals(script("return document.readyState"))
                                    && !driver.getCurrentUrl().equals("about:blank"));
                    String end = path();
                    if (!tab.equals(first)) {
                        driver.close();
                    }
                    return end;
                })
                .toList();
        driver.switchTo().window(first);
        return ends;
    }

    Set<Cookie> cookies() {
        return driver.manage().getCookies();
    }

    Set<Cookie> cookies(String kind) {
        return cookies().stream()
                .filter(cookie -> cookie.getName().startsWith("__Host-session-" + kind))
                .collect(Collectors.toSet());
    }

    Chromium forgetCookies(String kind) {
        cookies(kind).forEach(cookie -> driver.manage().deleteCookie(cookie));
        return this;
    }

    /** Returns the messages of the browser console, such as blocked scripts and failed loads. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getMessage())
                .toList();
    }

    /** Loads axe-core with each page from now on. */
    Chromium withAxe() {
        return tell("Page.addScriptToEvaluateOnNewDocument", Map.of("source", AXE));
    }

    /**
     * Checks all rules of axe-core except the experimental ones, after {@link #withAxe}. Runs it in the page itself:
     * its client for Selenium opens another tab for each check, which takes twice as long.
     */
    List<String> accessibilityViolations() {
        return accessibilityViolations("{resultTypes: ['violations'], preload: false}");
    }

    /** Checks only what the colours decide. */
    List<String> contrastViolations() {
        return accessibilityViolations("{runOnly: ['color-contrast', 'link-in-text-block'], preload: false}");
    }

    @SuppressWarnings("unchecked")
    private List<String> accessibilityViolations(String options) {
        Object violations = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, %s).then(
                    result => done(result.violations.map(rule => rule.id + ': ' + rule.help + ' '
                        + rule.nodes.map(node => node.html).join(' '))),
                    error => done(['axe-core failed: ' + error]));
                """.formatted(options));
        return (List<String>) violations;
    }

    private static String axe() {
        try (InputStream script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps a picture of the whole page, also of what lies below the window. */
    Chromium screenshot(String name) throws IOException {
        Map<String, Object> clip = new HashMap<>(Map.of("x", 0, "y", 0, "scale", 1));
        clip.put("width", script("return window.innerWidth"));
        clip.put("height", script("return document.documentElement.scrollHeight"));
        Object picture = driver.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", clip))
                .get("data");
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(picture.toString()));
        return this;
    }

    @Override
    public void close() throws IOException {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
