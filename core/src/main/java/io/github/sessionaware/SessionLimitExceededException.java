package io.github.sessionaware;

/**
 * Thrown when a user has reached the session limit and the limit refuses another login. Nothing was stored. An HTTP
 * application can answer 403.
 *
 * <p>If a thief holds all the sessions, the owner must not stay locked out. The application has just checked the
 * password, so it can show the sessions ({@link SessionAwareTokenService#listSessions(String)}) and end those that the
 * user chooses. Or it logs the user in once with a limit that ends sessions ({@link LoginOptions#withSessionLimit}).
 */
public final class SessionLimitExceededException extends LoginRefusedException {
    private static final long serialVersionUID = 1L;

    /** Serialized with the exception. */
    private final int limit;

    SessionLimitExceededException(int limit) {
        super("The user has reached the limit of " + limit + " live sessions of this category: end one first, or log in"
                + " once with a limit that ends sessions (withSessionLimit)");
        this.limit = limit;
    }

    /**
     * Returns how many live sessions of this category the user may have.
     *
     * @return the limit, 1 or more
     */
    public int limit() {
        return limit;
    }
}
