package io.github.sessionaware.examples.http;

/** Refuses a request. {@link ErrorFilter} turns it into a response. The text is a constant, safe to show. */
final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;

    HttpError(int status, String text) {
        super(text);
        this.status = status;
        this.text = text;
    }

    int status() {
        return status;
    }

    String text() {
        return text;
    }
}
