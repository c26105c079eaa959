package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;

/**
 * Receives figures for a dashboard: how many requests a service accepts and refuses, and how long its store takes. No
 * method receives a user id, a session id or anything else of a token.
 *
 * <p>The module {@code session-aware-jwt-micrometer} implements it for Micrometer. To be notified of each change to a
 * session, with its user, use a {@link SessionListener} instead.
 *
 * <p>The service calls these methods on the thread of the call, at once, and outside of all locks. In a transaction of
 * the application it does not wait for the commit. So implementations must be thread-safe and fast: each
 * {@code validate} calls three or more of these methods. If a method throws, that has no effect on the call. The
 * service logs it in one line, at most once a minute.
 */
public interface SessionMetrics {

    /** Ignores everything. With it, which is the default, a service measures no times. */
    SessionMetrics NOOP = new SessionMetrics() {};

    /** The operations of a {@link SessionStore}. Later releases may add values, so give a {@code switch} a default. */
    enum StoreOperation {
        /** {@link SessionStore#create}: a login. */
        CREATE,
        /**
         * {@link SessionStore#find}: every {@code validate} of a token that passed verification, unless a recent read
         * answers it.
         */
        FIND,
        /** {@link SessionStore#list}: the list of devices. */
        LIST,
        /** {@link SessionStore#touch}: the activity of a session. */
        TOUCH,
        /** {@link SessionStore#replace}: a refresh, a reauthentication, or a change of a session's data. */
        REPLACE,
        /** {@link SessionStore#delete}: the end of sessions that are named by their ids. */
        DELETE,
        /** {@link SessionStore#deleteAll}: the end of all sessions of a user, or of all except one. */
        DELETE_ALL,
        /** {@link SessionStore#purge}: the removal of expired sessions. */
        PURGE
    }

    /** Why a login was refused. Later releases may add values, so give a {@code switch} a default. */
    enum LoginRefusal {
        /** The user has reached the session limit ({@link SessionLimitExceededException}). */
        SESSION_LIMIT,
        /** The application no longer allowed the login ({@link LoginOptions#withStillAllowed}). */
        NOT_ALLOWED
    }

    /**
     * Why no recent read answered a {@code validate} ({@link SessionAwareTokenServiceBuilder#maxStaleness}), so that it
     * asked the store. Later releases may add values, so give a {@code switch} a default.
     */
    enum RecentReadMiss {
        /**
         * The service remembers no read of the session: there was none lately, other sessions have displaced it, or
         * this service has changed the session since.
         */
        NOT_REMEMBERED,
        /** The read began longer ago than the bound. */
        TOO_OLD,
        /** The monotonic clock and the wall clock do not agree on the age of the read: one was set, or stood still. */
        CLOCKS_DISAGREE,
        /** The read saw another generation of the session's tokens. */
        OTHER_GENERATION,
        /** The read saw a session that has expired since. */
        EXPIRED
    }

    /** Called after {@code validate} or {@code validateWithoutActivity} has found that a request is authenticated. */
    default void validateAccepted() {}

    /**
     * Called before {@code validate} or {@code validateWithoutActivity} throws {@link InvalidTokenException}.
     *
     * @param reason the reason of the exception
     */
    default void validateRefused(Reason reason) {}

    /** Called before {@code validate} or {@code validateWithoutActivity} throws {@link SessionStoreException}. */
    default void validateFailed() {}

    /**
     * Called after a token has passed verification without a signature check, because the service remembered it
     * ({@link SessionAwareTokenServiceBuilder#verifiedTokenCacheSize}). Its session may nevertheless have ended.
     */
    default void tokenCacheHit() {}

    /**
     * Called after a token has passed verification with a signature check. The service did not remember it, or
     * remembers no tokens. Tokens that fail verification count neither as hits nor as misses.
     */
    default void tokenCacheMiss() {}

    /**
     * Called after a recent read has answered a {@code validate}, which asks no store then
     * ({@link SessionAwareTokenServiceBuilder#maxStaleness}).
     *
     * @param ageNanoseconds how long ago the read began, at most the bound
     */
    default void recentReadHit(long ageNanoseconds) {}

    /**
     * Called before a {@code validate} asks the store, because no recent read answers it. A service without a
     * {@link SessionAwareTokenServiceBuilder#maxStaleness} reports neither hits nor misses.
     *
     * @param cause why
     */
    default void recentReadMiss(RecentReadMiss cause) {}

    /** Called after a login has created a session, by {@code issue} or {@code migrateStateless}. */
    default void loginAccepted() {}

    /**
     * Called before {@code issue}, {@code migrateStateless} or {@code reauthenticate} throws
     * {@link LoginRefusedException}.
     *
     * @param refusal why
     */
    default void loginRefused(LoginRefusal refusal) {}

    /**
     * Called after {@code refresh} has returned tokens to a client, including those of a retry, and after the renewal
     * of a bound session has ({@link ExperimentalBoundSessions#renew}).
     */
    default void refreshAccepted() {}

    /**
     * Called before {@code refresh} or the renewal of a bound session throws {@link InvalidTokenException}. The reason
     * {@link Reason#REFRESH_TOKEN_REUSED} is the one to alarm on.
     *
     * <p>A renewal whose proof answers a challenge that is used, too old or unknown has the reason
     * {@link Reason#WRONG_CHALLENGE} here, although it throws {@link ExperimentalChallengeException}. A renewal without
     * a proof only asks for a challenge, and is not reported.
     *
     * @param reason why
     */
    default void refreshRefused(Reason reason) {}

    /**
     * Called after the store has answered a call.
     *
     * @param operation which call
     * @param nanoseconds how long it took, waits for a connection and for other callers included
     */
    default void storeAnswered(StoreOperation operation, long nanoseconds) {}

    /**
     * Called after a call of the store has failed. This includes failures that the service survives, such as that of a
     * touch.
     *
     * @param operation which call
     * @param nanoseconds how long it took to fail
     */
    default void storeFailed(StoreOperation operation, long nanoseconds) {}

    /**
     * Called after a store has answered several finds with one query. The service does not know of it, so the store
     * must have the metrics too: for {@code JdbcSessionStore} pass them to {@code withMetrics}. Each of these finds
     * also causes {@link #storeAnswered}.
     *
     * @param finds how many finds the query answered, 2 or more
     */
    default void readsShared(int finds) {}

    /**
     * Called after {@link SessionAwareTokenService#purgeExpiredSessions} has removed records.
     *
     * @param sessions how many, 0 or more
     */
    default void sessionsPurged(int sessions) {}
}
