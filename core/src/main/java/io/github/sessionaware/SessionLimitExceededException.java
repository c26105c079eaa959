package io.github.sessionaware;

/**
 * The user has as many live sessions as allowed, and the limit says that one more is refused. Nothing was stored. Show
 * the user the devices and let them end one, or tell them to; 403 is a fitting answer.
 */
public final class SessionLimitExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The limit that was reached; serialized with the exception. */
    private final int limit;

    SessionLimitExceededException(int limit) {
        super("The user has " + limit + " live sessions or more, and no more are allowed");
        this.limit = limit;
    }

    /**
     * How many live sessions this user may have.
     *
     * @return the limit, 1 or more
     */
    public int limit() {
        return limit;
    }
}
