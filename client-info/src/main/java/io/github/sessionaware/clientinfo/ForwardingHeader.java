package io.github.sessionaware.clientinfo;

/**
 * The header in which a proxy passes on the address of its client.
 *
 * <p>{@link #FORWARDED} and {@link #X_FORWARDED_FOR} are lists to which each proxy appends the address of its own
 * client. The others hold one address, which a proxy sets and later proxies pass on unchanged. Choose one of these only
 * if every trusted proxy overwrites what a client sent in this header, or is reachable only through a proxy that does.
 * Otherwise clients choose their address.
 */
public enum ForwardingHeader {
    /** {@code Forwarded} of RFC 7239. */
    FORWARDED("Forwarded", true),
    /** {@code X-Forwarded-For}, which most proxies set. */
    X_FORWARDED_FOR("X-Forwarded-For", true),
    /** {@code X-Real-IP}, one address. nginx sets it with {@code proxy_set_header X-Real-IP $remote_addr}. */
    X_REAL_IP("X-Real-IP", false),
    /** {@code CF-Connecting-IP}, one address, which Cloudflare sets. */
    CF_CONNECTING_IP("CF-Connecting-IP", false),
    /** {@code True-Client-IP}, one address, which Akamai and Cloudflare set where this is switched on. */
    TRUE_CLIENT_IP("True-Client-IP", false);

    private final String headerName;
    private final boolean isList;

    ForwardingHeader(String headerName, boolean isList) {
        this.headerName = headerName;
        this.isList = isList;
    }

    String headerName() {
        return headerName;
    }

    /** Whether each proxy appends an entry. Otherwise the header holds one address. */
    boolean isList() {
        return isList;
    }
}
