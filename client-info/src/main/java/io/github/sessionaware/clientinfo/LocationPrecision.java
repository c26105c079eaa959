package io.github.sessionaware.clientinfo;

/** How much of a location a session keeps. */
public enum LocationPrecision {
    /** City and country, such as "Berlin, DE". If the city is unknown, the country alone. */
    CITY,
    /** The country code of ISO 3166, such as "DE". */
    COUNTRY
}
