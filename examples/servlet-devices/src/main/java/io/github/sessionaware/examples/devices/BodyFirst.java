package io.github.sessionaware.examples.devices;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Calls the servlets only once the body is there, because a servlet that waits for a body holds a thread. */
final class BodyFirst extends EagerContentHandler {
    static final int MAX_BYTES = 16 * 1024;

    private static final int MAX_FIELDS = 20;

    /**
     * Jetty adds this to the bytes of each piece of a body, because each piece needs that much memory. Forms are
     * exempt.
     */
    private static final int BYTES_PER_PIECE = 64;

    BodyFirst(Handler servlets) {
        super(servlets, new Forms(), new RetainedContentLoaderFactory(MAX_BYTES, BYTES_PER_PIECE, true));
    }

    private static final class Forms extends FormContentLoaderFactory {
        Forms() {
            super(MAX_FIELDS, MAX_BYTES);
        }

        @Override
        public @Nullable ContentLoader newContentLoader(
                String contentType,
                String mimeType,
                Handler handler,
                Request request,
                Response response,
                Callback callback) {
            try {
                return super.newContentLoader(contentType, mimeType, handler, request, response, callback);
            } catch (IllegalArgumentException e) {
                // Otherwise a stranger could fill the log with errors of the server.
                throw new HttpException.RuntimeException(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "The character set of the form is unknown", e);
            }
        }
    }
}
