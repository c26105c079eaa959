package io.github.sessionaware.springboot;

import io.github.sessionaware.AuthenticatedSession;
import java.util.Collection;
import org.springframework.security.core.GrantedAuthority;

/**
 * Returns the authorities of a session for Spring Security. Declare it as a bean if the property
 * {@code session-aware-jwt.web.authorities-claim} is not enough:
 *
 * <pre>{@code
 * @Bean
 * SessionAuthoritiesMapper authorities() {
 *     return session -> session.claimList("roles", String.class).stream()
 *             .map(role -> new SimpleGrantedAuthority("ROLE_" + role))
 *             .toList();
 * }
 * }</pre>
 *
 * <p>Implementations must be thread-safe. Spring Security calls it once per dispatch that needs the user, so it should
 * not call a database.
 */
@FunctionalInterface
public interface SessionAuthoritiesMapper {
    /**
     * Returns the authorities of a session.
     *
     * @param session the session that makes the request, with the claims of its access token
     * @return the authorities; empty if it has none
     */
    Collection<? extends GrantedAuthority> authoritiesOf(AuthenticatedSession session);
}
