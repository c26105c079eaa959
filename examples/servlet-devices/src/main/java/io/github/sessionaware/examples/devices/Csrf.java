package io.github.sessionaware.examples.devices;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells this application's own forms from those of other sites. Behind a proxy that ends TLS, let the server take
 * scheme and host from it (in Jetty a {@code ForwardedRequestCustomizer}), or every form comes from somewhere else.
 */
final class Csrf {
    static final String FIELD = "csrf";

    private final SecretKeySpec key;

    Csrf(byte[] secret) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /** What the forms of this session carry. */
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

    /** Browsers say where a form came from; what says nothing is no browser, and brings no cookies by itself. */
    static boolean isSameOrigin(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        return (site == null || site.equals("same-origin"))
                && (origin == null || origin.equals(request.getScheme() + "://" + request.getHeader("Host")));
    }
}
