package io.github.sessionaware;

/**
 * Thrown when a renewal of a bound session needs a proof with another challenge: the request had none, or signed one
 * that is too old, was used before, or is unknown here. Answer 403 with the challenge in the header
 * {@code Secure-Session-Challenge}, and the browser tries again.
 *
 * <p><strong>Experimental: may change in a minor release.</strong>
 */
public final class ExperimentalChallengeException extends SessionAwareJwtException {
    private static final long serialVersionUID = 1L;

    /** Serialized with the exception. */
    private final String challenge;

    ExperimentalChallengeException(String challenge) {
        super("The renewal of a bound session needs a proof with the challenge of this exception");
        this.challenge = challenge;
    }

    /** {@return what the device is to sign; no secret} */
    public String challenge() {
        return challenge;
    }
}
