package io.github.sessionaware.examples.devices;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.Charset;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** What Jetty itself has to refuse, or a handler that fails, in a page of ours that tells nothing of the inside. */
final class PlainErrors extends ErrorHandler {
    PlainErrors() {
        setShowStacks(false);
        setShowCauses(false);
    }

    @Override
    protected void writeErrorHtml(
            Request request, Writer writer, Charset charset, int code, String message, Throwable cause)
            throws IOException {
        writer.write(
                code < 500
                        ? Pages.message("Not like this", "This request cannot be understood.")
                        : Pages.message("Something went wrong", "Please try again in a while."));
    }
}
