package io.github.sessionaware.servlet;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page to which a browser returns after sign-in: a path of this application, with its query. Anything else is
 * refused, because a link could otherwise lead from this site's sign-in to a copy of it (OWASP ASVS 5.0, 3.7.2).
 */
final class ReturnAddress {
    private static final int MAX_LENGTH = 2_000;

    /** The characters of a path and a query (RFC 3986). No browser reads them as the beginning of a host. */
    private static final Pattern PATH_AND_QUERY =
            Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)(?:\\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?");

    private final String contextPath;

    ReturnAddress(String contextPath) {
        this.contextPath = contextPath;
    }

    boolean isOfThisApplication(@Nullable String address) {
        if (address == null || address.length() > MAX_LENGTH) {
            return false;
        }
        var parts = PATH_AND_QUERY.matcher(address);
        return parts.matches() && parts.group(1).startsWith(contextPath + "/") && PathPatterns.isPlain(parts.group(1));
    }
}
