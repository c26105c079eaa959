package io.github.sessionaware.examples.devices;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.Charset;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** The error page for requests that Jetty refuses and for servlets that fail. It shows no internal details. */
final class PlainErrors extends ErrorHandler {
    PlainErrors() {
        setShowStacks(false);
        setShowCauses(false);
    }

    @Override
    protected void writeErrorHtml(
            Request request, Writer writer, Charset charset, int code, String message, Throwable cause)
            throws IOException {
        writer.write(page(code));
    }

    private static String page(int code) {
        return switch (code) {
            case 403 -> Pages.message("Form out of date", "Go back, reload the page and try again.");
            case 503 ->
                Pages.message(
                        "One moment",
                        "We cannot look up your session right now. You are still signed in: please try again in a few"
                                + " seconds.");
            default ->
                code < 500
                        ? Pages.message("Bad request", "The server does not understand this request.")
                        : Pages.message("Something went wrong", "Please try again in a while.");
        };
    }
}
