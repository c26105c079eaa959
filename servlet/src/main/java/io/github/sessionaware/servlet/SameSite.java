package io.github.sessionaware.servlet;

/** When a browser sends the cookies with requests that pages of other sites cause (RFC 6265bis, section 5.6.7). */
public enum SameSite {
    /** Never. A user who follows a link from another site then looks signed out until the next click. */
    STRICT("Strict"),
    /** With links, and not with forms, images, frames and scripts. */
    LAX("Lax"),
    /** Always. Only for an application that other sites show in a frame. */
    NONE("None");

    private final String attribute;

    SameSite(String attribute) {
        this.attribute = attribute;
    }

    String attribute() {
        return attribute;
    }
}
