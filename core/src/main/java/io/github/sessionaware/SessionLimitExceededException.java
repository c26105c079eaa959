package io.github.sessionaware;

/**
 * Thrown when a user has reached the session limit and the limit refuses another login. Nothing was stored. Let the
 * user end a session on the devices page, or ask for that. An HTTP application can answer 403.
 */
public final class SessionLimitExceededException extends LoginRefusedException {
    private static final long serialVersionUID = 1L;

    /** Serialized with the exception. */
    private final int limit;

    SessionLimitExceededException(int limit) {
        super("The user has reached the limit of " + limit + " live sessions: one must end before the next login");
        this.limit = limit;
    }

    /**
     * Returns how many live sessions this user may have.
     *
     * @return the limit, 1 or more
     */
    public int limit() {
        return limit;
    }
}
