package io.github.sessionaware;

import io.github.sessionaware.InvalidTokenException.Reason;
import org.jspecify.annotations.Nullable;

/** Reads the token from the {@code Authorization} header of RFC 6750, section 2.1. */
public final class BearerToken {
    private static final String SCHEME = "Bearer";

    private BearerToken() {}

    /**
     * Returns the token of an {@code Authorization} header. The scheme is matched without regard to case (RFC 9110,
     * section 11.1).
     *
     * @param authorizationHeader the header's value, or null if the request has none
     * @return the token, not yet validated
     * @throws InvalidTokenException with reason {@code MISSING} if the header is null or has another scheme; with
     *     reason {@code MALFORMED} if what follows {@code Bearer} is not exactly one token, or is longer than 8,192
     *     characters
     */
    public static String from(@Nullable String authorizationHeader) {
        if (authorizationHeader == null) {
            throw new InvalidTokenException(Reason.MISSING);
        }
        String header = authorizationHeader.strip();
        int end = header.indexOf(' ');
        String scheme = end < 0 ? header : header.substring(0, end);
        if (!scheme.equalsIgnoreCase(SCHEME)) {
            throw new InvalidTokenException(Reason.MISSING);
        }
        String token = header.substring(scheme.length()).strip();
        if (token.length() > TokenGate.MAX_LENGTH || !isB64Token(token)) {
            throw new InvalidTokenException(Reason.MALFORMED);
        }
        return token;
    }

    /**
     * Returns whether the text has the form {@code b64token}: at least one of its characters, then any number of equals
     * signs. A loop, because a pattern takes longer for a token of usual length than everything else in a request.
     */
    private static boolean isB64Token(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean isLetterOrDigit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!isLetterOrDigit && "-._~+/".indexOf(c) < 0) {
                return false;
            }
        }
        return end > 0;
    }
}
