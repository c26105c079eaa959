package io.github.sessionaware.springboot;

import io.github.sessionaware.AuthenticatedSession;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;

/** A session as Spring Security sees it. The principal is the session, and the name is the user id. */
final class SessionAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient AuthenticatedSession session;

    SessionAuthentication(AuthenticatedSession session, Collection<? extends GrantedAuthority> authorities) {
        super(authorities);
        this.session = session;
        super.setAuthenticated(true);
    }

    @Override
    public AuthenticatedSession getPrincipal() {
        return session;
    }

    @Override
    public String getName() {
        return session.userId();
    }

    /** Returns an empty text: the token is not kept. */
    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionAuthentication that
                && super.equals(other)
                && session.sessionId().equals(that.session.sessionId());
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), session.sessionId());
    }
}
