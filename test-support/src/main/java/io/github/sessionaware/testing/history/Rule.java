package io.github.sessionaware.testing.history;

/** A mistake that a history can show. */
public enum Rule {
    /** A validate that began after a revocation of its session had returned was accepted. */
    ACCEPTED_AFTER_REVOKE,
    /** A call that began after a step-up had returned accepted a token of before. */
    ACCEPTED_AFTER_STEP_UP,
    /** Two calls renewed the authentication of the same tokens. */
    STEPPED_UP_TWICE,
    /** A call shows an authentication that a step-up had replaced, or that neither a login nor a step-up gave. */
    WRONG_AUTHENTICATION,
    /** A list that began after a revocation had returned shows a session that it ended. */
    LISTED_AFTER_REVOKE,
    /** A list lacks a session whose login had returned, and that was neither revoked nor expired. */
    MISSING_FROM_LIST,
    /**
     * A call was refused although the session was not revoked, expired, purged or ended by a limit since it was seen,
     * and no step-up had replaced the token.
     */
    REFUSED_WITHOUT_CAUSE,
    /** A call shows an earlier activity than a call that had returned before. */
    ACTIVITY_WENT_BACK,
    /** A call shows a label that another renaming had overwritten, or that no renaming gave. */
    WRONG_LABEL,
    /** A call for one user renamed a session of another. */
    RENAMED_ANOTHER_USERS_SESSION,
    /** A list shows more sessions than the limit of the user allows. */
    OVER_LIMIT,
    /** The limit refused a login although the user had fewer sessions. */
    REFUSED_BELOW_LIMIT,
    /** Listeners were not notified exactly once of a login or a step-up, or were notified twice of an end. */
    NOTIFIED_WRONGLY,
    /** A call threw an exception other than a refusal. */
    FAILED
}
