package io.github.sessionaware.springboot;

import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Answers with the public keys (RFC 7517). Secrets are never among them. Not final, and no {@code RestController},
 * because aspects and path prefixes of an application are often meant for all of those.
 */
@Controller
class JwksEndpoint {
    private static final MediaType JWKS = new MediaType("application", "jwk-set+json");

    private final SessionKeys keys;
    private final Duration maxAge;

    JwksEndpoint(SessionKeys keys, Duration maxAge) {
        this.keys = keys;
        this.maxAge = maxAge;
    }

    @GetMapping("${session-aware-jwt.web.jwks.path:/.well-known/jwks.json}")
    ResponseEntity<String> jwks() {
        return ResponseEntity.ok()
                .contentType(JWKS)
                .cacheControl(CacheControl.maxAge(maxAge).cachePublic())
                .body(keys.get().jwks());
    }
}
