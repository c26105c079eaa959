package io.github.sessionaware.testing.history;

/** What a history must not show. */
public enum Rule {
    /** A validate that began after a revoke of its session had returned. */
    ACCEPTED_AFTER_REVOKE,
    /** A list that began after a revoke had returned, and shows what it revoked. */
    LISTED_AFTER_REVOKE,
    /** A list without a session whose login had returned, that nobody has revoked, and that has not expired. */
    MISSING_FROM_LIST,
    /** A session that was neither revoked nor expired nor purged, nor had to make room, since it was last seen. */
    REFUSED_WITHOUT_CAUSE,
    /** A session that was last active earlier than a call before had said. */
    ACTIVITY_WENT_BACK,
    /** A label that another call had overwritten, or that nobody has given. */
    WRONG_LABEL,
    /** A list of more sessions than the user may have. */
    OVER_LIMIT,
    /** A login that the limit refused although fewer sessions were there. */
    REFUSED_BELOW_LIMIT,
    /** A listener that heard of a login twice or not at all, or of an end twice. */
    NOTIFIED_WRONGLY,
    /** An exception that is not about the token. */
    FAILED
}
