package io.github.sessionaware.examples.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** "The way of a token" in CONTRIBUTING names methods and reasons as the code has them. */
class WayOfATokenTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final List<Path> SOURCES = List.of(
            ROOT.resolve("core/src/main/java/io/github/sessionaware"),
            ROOT.resolve("jdbc-store/src/main/java/io/github/sessionaware/jdbc"));
    private static final Pattern METHOD = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");
    private static final Pattern REASON = Pattern.compile("`([A-Z_]+)`");

    private static final Set<Reason> OF_RENEWALS = EnumSet.of(
            Reason.UNKNOWN_REFRESH_TOKEN,
            Reason.REFRESH_TOKEN_REUSED,
            Reason.RETRY_FROM_ELSEWHERE,
            Reason.DEVICE_PROOF_REQUIRED,
            Reason.NOT_DEVICE_BOUND,
            Reason.ALREADY_BOUND,
            Reason.WRONG_CHALLENGE);

    private final String section = section();

    @Test
    void everyNamedMethodIsDeclaredInItsClass() throws IOException {
        List<MatchResult> named = METHOD.matcher(section).results().toList();

        assertTrue(named.size() > 15, "only " + named.size() + " methods");
        for (MatchResult each : named) {
            Pattern declaration = Pattern.compile("(?m)^    [^/*=.\\n]*\\b" + each.group(2) + "\\(");
            assertTrue(declaration.matcher(source(each.group(1) + ".java")).find(), each.group());
        }
    }

    @Test
    void everyReasonOfAnAccessTokenHasItsStep() {
        Set<Reason> named = EnumSet.noneOf(Reason.class);
        REASON.matcher(section).results().forEach(found -> named.add(Reason.valueOf(found.group(1))));

        assertEquals(EnumSet.complementOf(EnumSet.copyOf(OF_RENEWALS)), named);
    }

    private static String source(String file) throws IOException {
        for (Path folder : SOURCES) {
            if (Files.exists(folder.resolve(file))) {
                return Files.readString(folder.resolve(file));
            }
        }
        throw new AssertionError("no class in " + file);
    }

    private static String section() {
        try {
            String page = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
            String from = page.substring(page.indexOf("## The way of a token"));
            return from.substring(0, from.indexOf("\n## ", 1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
