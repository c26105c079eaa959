package io.github.sessionaware.clientinfo;

/** The header in which a proxy passes on the address of its client. */
public enum ForwardingHeader {
    /** {@code Forwarded} of RFC 7239. */
    FORWARDED("Forwarded"),
    /** {@code X-Forwarded-For}, which most proxies set. */
    X_FORWARDED_FOR("X-Forwarded-For");

    private final String headerName;

    ForwardingHeader(String headerName) {
        this.headerName = headerName;
    }

    String headerName() {
        return headerName;
    }
}
