package io.github.sessionaware.examples.devices;

import io.github.sessionaware.clientinfo.DeviceKind;

/** SVG icons in the colour of the text around them. */
final class Icons {
    /** A shopping bag. */
    static final String BRAND = svg("<path d=\"M6 11h20l2 16H4z\"/><path d=\"M11 14V9a5 5 0 0 1 10 0v5\"/>");

    /** A tick in a circle. */
    static final String CHECK = svg("<circle cx=\"16\" cy=\"16\" r=\"12\"/><path d=\"M11 16.5l3.5 3.5 7-8\"/>");

    private Icons() {}

    static String of(DeviceKind kind) {
        String shape = switch (kind) {
            case DESKTOP ->
                "<rect x=\"3\" y=\"5\" width=\"26\" height=\"17\" rx=\"2\"/><path d=\"M11 27h10M16 22v5\"/>";
            case PHONE -> "<rect x=\"9\" y=\"3\" width=\"14\" height=\"26\" rx=\"3\"/><path d=\"M14 25h4\"/>";
            case TABLET -> "<rect x=\"5\" y=\"3\" width=\"22\" height=\"26\" rx=\"3\"/><path d=\"M14 25h4\"/>";
            case CONSOLE ->
                "<rect x=\"3\" y=\"9\" width=\"26\" height=\"15\" rx=\"7\"/><path d=\"M8 16.5h6M11 13.5v6M20 18.5v.5M24 14.5v.5\"/>";
            case TELEVISION -> "<rect x=\"3\" y=\"9\" width=\"26\" height=\"18\" rx=\"2\"/><path d=\"M11 3l5 6 5-6\"/>";
            case WATCH ->
                "<circle cx=\"16\" cy=\"16\" r=\"8\"/><path d=\"M12 9l1-6h6l1 6M12 23l1 6h6l1-6M16 12v4l3 2\"/>";
            case PROGRAM -> "<path d=\"M5 8l7 8-7 8M15 25h12\"/>";
            case UNKNOWN -> "<circle cx=\"16\" cy=\"16\" r=\"12\"/><path d=\"M13 13a3 3 0 1 1 3 4v2M16 23v.5\"/>";
        };
        return "<span class=\"icon\">" + svg(shape) + "</span>";
    }

    private static String svg(String shape) {
        return "<svg viewBox=\"0 0 32 32\" aria-hidden=\"true\">" + shape + "</svg>";
    }
}
