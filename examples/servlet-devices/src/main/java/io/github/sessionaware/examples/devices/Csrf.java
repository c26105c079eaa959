package io.github.sessionaware.examples.devices;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Accepts forms of this application and refuses those of other sites. Behind a proxy that ends TLS, the server must
 * take scheme and host from the proxy, in Jetty with a {@code ForwardedRequestCustomizer}. Otherwise every form seems
 * to come from another site.
 */
final class Csrf {
    static final String FIELD = "csrf";

    private final SecretKeySpec key;

    Csrf(byte[] secret) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /** Returns the token that the forms of this session carry. */
    String token(String sessionId) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] hash = mac.doFinal(("csrf of " + sessionId).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    boolean isOurs(HttpServletRequest request, String sessionId) {
        String given = request.getParameter(FIELD);
        return isSameOrigin(request)
                && given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), token(sessionId).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Browsers send these headers with a form. A client without them is not a browser, and adds no cookies by itself.
     */
    static boolean isSameOrigin(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        return (site == null || site.equals("same-origin"))
                && (origin == null || origin.equals(request.getScheme() + "://" + request.getHeader("Host")));
    }
}
