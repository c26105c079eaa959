package io.github.sessionaware;

import java.time.Duration;

/**
 * The settings of sessions that are bound to a device's key by Device Bound Session Credentials, a draft of the W3C
 * ({@link SessionAwareTokenServiceBuilder#deviceBinding}). Immutable; each {@code with…} method returns a copy.
 *
 * <p><strong>Experimental: may change in a minor release</strong>, because the draft may.
 */
public final class ExperimentalDeviceBinding {
    private static final ExperimentalDeviceBinding DEFAULTS =
            new ExperimentalDeviceBinding(Duration.ofMinutes(5), Duration.ofMinutes(2), Duration.ofMinutes(15));

    private final Duration accessTokenLifetime;
    private final Duration registrationWindow;
    private final Duration challengeLifetime;

    private ExperimentalDeviceBinding(
            Duration accessTokenLifetime, Duration registrationWindow, Duration challengeLifetime) {
        this.accessTokenLifetime = accessTokenLifetime;
        this.registrationWindow = registrationWindow;
        this.challengeLifetime = challengeLifetime;
    }

    /**
     * Returns the defaults.
     *
     * @return the settings
     */
    public static ExperimentalDeviceBinding defaults() {
        return DEFAULTS;
    }

    /**
     * Sets how long an access token of a bound session is accepted. A thief with a copy of it can use it for this long.
     * Browsers limit how often they sign: Chromium 156 signs six times in nine minutes for a site, and renews ahead of
     * time at a request in the last two minutes. So with less than four minutes a page that is in use exceeds that
     * limit. Default: 5 minutes.
     *
     * @param lifetime 1 second to the service's {@link SessionAwareTokenServiceBuilder#accessTokenLifetime}
     * @return a copy
     * @throws IllegalArgumentException if the lifetime is shorter than 1 second
     */
    public ExperimentalDeviceBinding withAccessTokenLifetime(Duration lifetime) {
        return new ExperimentalDeviceBinding(requireSecond(lifetime), registrationWindow, challengeLifetime);
    }

    /**
     * Sets how long after a login a browser may bind the session. A thief who copies the cookies of an unbound session
     * could otherwise bind it to a key of his own. Default: 2 minutes.
     *
     * @param window 1 second or more
     * @return a copy
     * @throws IllegalArgumentException if the window is shorter than 1 second
     */
    public ExperimentalDeviceBinding withRegistrationWindow(Duration window) {
        return new ExperimentalDeviceBinding(accessTokenLifetime, requireSecond(window), challengeLifetime);
    }

    /**
     * Sets how long after it was made the challenge of a renewal may be signed. A browser gets the next challenge with
     * each renewal. One that comes back after this time gets another, which costs one more round trip. Malware that
     * runs on the device could sign challenges in advance, and this setting limits for how long those help it. Default:
     * 15 minutes.
     *
     * @param lifetime 1 second or more
     * @return a copy
     * @throws IllegalArgumentException if the lifetime is shorter than 1 second
     */
    public ExperimentalDeviceBinding withChallengeLifetime(Duration lifetime) {
        return new ExperimentalDeviceBinding(accessTokenLifetime, registrationWindow, requireSecond(lifetime));
    }

    private static Duration requireSecond(Duration duration) {
        return SessionTimeouts.requireInRange(duration, Duration.ofSeconds(1), "1 s", "A duration of device binding");
    }

    Duration accessTokenLifetime() {
        return accessTokenLifetime;
    }

    Duration registrationWindow() {
        return registrationWindow;
    }

    Duration challengeLifetime() {
        return challengeLifetime;
    }

    /**
     * Why a proof, or something in the place of one, was refused ({@link SessionListener#deviceProofRefused}). Later
     * releases may add values, so give a {@code switch} a default.
     */
    public enum Refusal {
        /** The proof of a renewal was signed with another key than the session's, or is a forgery. */
        WRONG_KEY,
        /**
         * The challenge was used before. A browser that lost the answer of a renewal causes this, and so does a thief
         * with a copy of a proof: look at the client.
         */
        USED_CHALLENGE,
        /** A key was presented for a session that has one. */
        SECOND_BINDING,
        /** A refresh token from before the binding was presented. */
        REFRESH_TOKEN
    }
}
