package io.github.sessionaware.servlet;

/** Ends a call that a page of another site has caused. The filter answers 403. */
final class CrossSiteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CrossSiteException() {
        super("A page of another site caused the request");
    }
}
