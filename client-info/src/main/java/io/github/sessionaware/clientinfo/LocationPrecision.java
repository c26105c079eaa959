package io.github.sessionaware.clientinfo;

/** What is kept of a place. */
public enum LocationPrecision {
    /** City and country, such as "Berlin, DE"; the country alone where the city is not known. */
    CITY,
    /** The country's code of ISO 3166, such as "DE". */
    COUNTRY
}
