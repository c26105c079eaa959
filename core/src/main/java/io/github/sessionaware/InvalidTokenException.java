package io.github.sessionaware;

import static java.util.Objects.requireNonNull;

/**
 * Thrown when a request is not authenticated: answer 401 with {@link #wwwAuthenticate()}.
 *
 * <p>{@link #reason()} is for the application's logs and metrics. The client gets the same answer for every refused
 * token, so that an attacker cannot learn how many checks a forged token passed. The message is a constant and there is
 * never a cause, so nothing of the token can leak through this exception.
 */
public final class InvalidTokenException extends SessionAwareJwtException {
    private static final long serialVersionUID = 1L;

    /** Why a token was refused. Later releases may add reasons, so give a {@code switch} a default. */
    public enum Reason {
        /** The request carried no token. */
        MISSING("No token was given", true),
        /**
         * The token has the wrong form: its size, its encoding, its JSON, a member of its header that does not belong
         * there, or a claim of the wrong type. A refresh token has this reason too if it has the wrong form.
         */
        MALFORMED("The token is malformed", false),
        /**
         * A claim is missing that every token of this service carries. An access token of another kind often lacks the
         * session id, and so does one that was issued with another
         * {@link SessionAwareTokenServiceBuilder#sessionIdClaim}.
         */
        MISSING_CLAIM("The token lacks a claim that this service requires", false),
        /** The token names a key, or a key and an algorithm, that the key ring does not have. */
        UNKNOWN_KEY("The token was signed with an unknown key", true),
        /** The signature does not belong to the token and the key. */
        BAD_SIGNATURE("The signature of the token is wrong", true),
        /** The token has another type ({@code typ}), so it may have been made for another purpose. */
        WRONG_TYPE("The token has another type", false),
        /** Another issuer issued the token. */
        WRONG_ISSUER("The token has another issuer", false),
        /** The token was issued for another audience. */
        WRONG_AUDIENCE("The token has another audience", false),
        /** The token is not valid yet ({@code nbf}). */
        NOT_YET_VALID("The token is not valid yet", false),
        /** The token has expired. */
        EXPIRED("The token has expired", true),
        /**
         * The token is valid except that it has no session id, and the service accepts such tokens for some time
         * ({@link SessionAwareTokenServiceBuilder#acceptStatelessTokensUntil}). Verify it with
         * {@link SessionAwareTokenService#validateStateless}, or create a session for it with
         * {@link SessionAwareTokenService#migrateStateless}.
         */
        STATELESS("The token belongs to no session", false),
        /** The session was revoked or purged, or never existed in this store. */
        SESSION_ENDED("The session has ended", false),
        /** The session has passed its idle or absolute deadline. */
        SESSION_EXPIRED("The session has expired", false),
        /**
         * The user has authenticated again since the token was issued
         * ({@link SessionAwareTokenService#reauthenticate}). The session lives, and only its later tokens are valid.
         */
        OTHER_GENERATION("The token was replaced when the user authenticated again", true),
        /** The refresh token was never issued for this session, or belongs to an earlier authentication. */
        UNKNOWN_REFRESH_TOKEN("The refresh token is unknown", false),
        /**
         * A used refresh token was presented again, and the grace window does not cover it. The token may have been
         * stolen, so its session has ended, with all its tokens. Ask the user to log in, and consider a warning.
         */
        REFRESH_TOKEN_REUSED("The refresh token has been used before", false),
        /**
         * A used refresh token was presented again within the grace window, from another device or network than the one
         * that used it, and the service refuses that
         * ({@link SessionAwareTokenServiceBuilder#refuseRetriesFromAnother}). The session lives on.
         */
        RETRY_FROM_ELSEWHERE("The refresh token has just been used from elsewhere", false),
        /**
         * The session is bound to a device's key ({@link ExperimentalBoundSessions}), so only a proof of that key
         * renews its tokens. A refresh token from before the binding has this reason. Experimental.
         */
        DEVICE_PROOF_REQUIRED("The session is bound to a device, and the request brings no proof of it", false),
        /** The session is not bound to a device's key, and the request needs one that is. Experimental. */
        NOT_DEVICE_BOUND("The session is not bound to a device", false),
        /** The session is bound to a device's key already. The first binding wins. Experimental. */
        ALREADY_BOUND("The session is bound to a device already", false),
        /**
         * The proof that would have bound a session was signed for another session or purpose, or too late. A renewal
         * throws {@link ExperimentalChallengeException} in its place, and reports this reason to the
         * {@link SessionMetrics}. Experimental.
         */
        WRONG_CHALLENGE("The proof answers another challenge, or one that is too old", false);

        private final String message;
        private final boolean mayRefresh;

        Reason(String message, boolean mayRefresh) {
            this.message = message;
            this.mayRefresh = mayRefresh;
        }

        /**
         * Returns whether a refresh token may help a client whose access token was refused for this reason. This
         * includes an unknown key and a wrong signature, because a token that was signed with a retired key looks like
         * that. It includes another generation, because the client may have got the later refresh token in another tab.
         *
         * @return true if it is worth calling {@link SessionAwareTokenService#refresh} with the client's refresh token
         */
        public boolean mayRefresh() {
            return mayRefresh;
        }
    }

    /** Serialized with the exception. */
    private final Reason reason;

    InvalidTokenException(Reason reason) {
        super(reason.message);
        this.reason = requireNonNull(reason, "reason");
    }

    /**
     * Returns why the token was refused.
     *
     * @return the reason, for logs and metrics, not for the client
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns the value of the {@code WWW-Authenticate} header for the 401 answer. If the request carried no token, the
     * value has no error code (RFC 6750, section 3.1). Every refused token gets the same {@code invalid_token}.
     *
     * @return a header value
     */
    public String wwwAuthenticate() {
        return reason == Reason.MISSING
                ? "Bearer realm=\"api\""
                : "Bearer realm=\"api\", error=\"invalid_token\","
                        + " error_description=\"The access token is invalid or has expired\"";
    }
}
