package io.github.sessionaware.benchmarks;

import java.util.List;
import java.util.Locale;

/** Groups of bars, one below the other. The chart draws its own background, so that it is readable on any page. */
final class Chart {
    private static final int WIDTH = 880;
    private static final int LABELS = 400;
    private static final int LONGEST = 390;
    private static final int ROW = 22;
    private static final int TITLE = 44;

    private final StringBuilder body = new StringBuilder();
    private int y;

    record Bar(String label, double value, boolean isOurs) {}

    void group(String title, List<Bar> bars) {
        double longest = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        text("title", 16, y + 28, title);
        y += TITLE;
        for (Bar bar : bars) {
            double width = Math.max(1, LONGEST * bar.value() / longest);
            text("label", LABELS - 8, y + 12, bar.label());
            body.append(String.format(
                    Locale.ROOT,
                    "  <rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"2\"/>%n",
                    bar.isOurs() ? "ours" : "other",
                    LABELS,
                    y,
                    width));
            text("value", LABELS + (int) width + 6, y + 12, Report.number(bar.value()));
            y += ROW;
        }
    }

    String svg() {
        int height = y + 16;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img" aria-label="Bar charts of the tables on this page">
                  <style>
                    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
                    .title { font-weight: 600 }
                    .label { text-anchor: end }
                    .ground { fill: #ffffff; stroke: #d1d9e0 }
                    .ours { fill: #1a7f37 }
                    .other { fill: #8c959f }
                    @media (prefers-color-scheme: dark) {
                      text { fill: #f0f6fc }
                      .ground { fill: #0d1117; stroke: #3d444d }
                      .ours { fill: #3fb950 }
                      .other { fill: #656c76 }
                    }
                  </style>
                  <rect class="ground" x="0.5" y="0.5" width="%3$d" height="%4$d" rx="6"/>
                %5$s</svg>
                """.formatted(WIDTH, height, WIDTH - 1, height - 1, body);
    }

    private void text(String style, int x, int baseline, String text) {
        body.append(String.format(
                Locale.ROOT,
                "  <text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n",
                style,
                x,
                baseline,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
