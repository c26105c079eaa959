package io.github.sessionaware.examples.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sessionaware.InvalidTokenException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GuideReasonsTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[A-Z_`, ]+`) \\| .* \\| (yes|no) \\|$");
    private static final Pattern REASON = Pattern.compile("[A-Z_]+");

    @Test
    void theGuideSaysOfEachReasonWhetherARefreshMayHelp() throws IOException {
        Map<Reason, Boolean> documented = new EnumMap<>(Reason.class);
        ROW.matcher(Files.readString(Path.of("..", "..", "docs", "guide.md")))
                .results()
                .forEach(row -> REASON.matcher(row.group(1))
                        .results()
                        .map(MatchResult::group)
                        .forEach(name -> documented.put(
                                Reason.valueOf(name), row.group(2).equals("yes"))));

        Map<Reason, Boolean> actual = new EnumMap<>(Reason.class);
        Stream.of(Reason.values()).forEach(reason -> actual.put(reason, reason.mayRefresh()));
        assertEquals(actual, documented);
    }
}
