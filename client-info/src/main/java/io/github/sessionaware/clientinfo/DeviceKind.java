package io.github.sessionaware.clientinfo;

import io.github.sessionaware.ClientInfo;

/** The kind of a device, for its icon on a page. A guess from the user agent, which clients can forge. */
public enum DeviceKind {
    /** A computer with a browser, or an app that says that it runs on Windows or macOS. */
    DESKTOP,
    /** A phone, if its browser or app says so. Apps on Apple's systems count as on a phone if they name no device. */
    PHONE,
    /**
     * A tablet or the screen of a car, if its browser says so. Safari on an iPad claims to be on a Mac, so it counts as
     * {@link #DESKTOP}. A web view that may be on an iPad or on a Mac counts as a tablet.
     */
    TABLET,
    /** A game console, such as a PlayStation, an Xbox or a Nintendo Switch, or a VR headset. */
    CONSOLE,
    /** A television, or a box or stick that is plugged into one, such as Apple TV, Fire TV or Roku. */
    TELEVISION,
    /** A watch, such as an Apple Watch or one with Wear OS. */
    WATCH,
    /** A robot, or a program that names no device. */
    PROGRAM,
    /** The client sent no user agent. */
    UNKNOWN;

    /**
     * Guesses the kind of a device from its user agent.
     *
     * @param client the client of a session
     * @return the kind
     */
    public static DeviceKind of(ClientInfo client) {
        String userAgent = client.userAgent();
        return userAgent == null
                ? UNKNOWN
                : KnownDevice.of(UserAgent.of(userAgent)).kind();
    }
}
