package io.github.sessionaware.springboot;

import io.github.sessionaware.servlet.SessionFilter;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.logout.LogoutFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * Lets a chain of Spring Security find the users in their sessions:
 *
 * <pre>{@code
 * @Bean
 * SecurityFilterChain chain(HttpSecurity http) throws Exception {
 *     return http.with(new SessionSecurityConfigurer(), Customizer.withDefaults())
 *             .authorizeHttpRequests(requests ->
 *                     requests.requestMatchers("/login").permitAll().anyRequest().authenticated())
 *             .build();
 * }
 * }</pre>
 *
 * <p>The principal is the {@link io.github.sessionaware.AuthenticatedSession}, and its name is the user id. The rules
 * of the chain decide which paths are open. A request that a rule refuses because it has no live session gets 401 with
 * the challenge, or the sign-in page. If the store cannot answer, it gets 503. A request for an open path does not call
 * the store, unless the application asks for its user with {@code @AuthenticationPrincipal} or of the
 * {@code SecurityContextHolder}. Until then {@code request.getUserPrincipal()} is null there.
 *
 * <p>When it is applied, it switches four things of Spring off. Configure them afterwards if the chain needs them:
 *
 * <ul>
 *   <li>Spring's protection against requests of other sites, because the filter has its own for cookies, and other
 *       sites cannot send a bearer token
 *   <li>Spring's logout, because it would end no session. Call
 *       {@link SessionFilter#signOut(jakarta.servlet.http.HttpServletRequest,
 *       jakarta.servlet.http.HttpServletResponse)}
 *   <li>the HTTP session of the container, in which Spring would keep the user
 *   <li>the request cache, because the filter keeps the page to return to
 * </ul>
 *
 * <p>It takes {@link SessionFilter} and {@link SessionAuthoritiesMapper} from the application context. Use a new one
 * for each chain.
 */
public final class SessionSecurityConfigurer extends AbstractHttpConfigurer<SessionSecurityConfigurer, HttpSecurity> {

    /** Creates a configurer for one chain. */
    public SessionSecurityConfigurer() {}

    /**
     * Switches the features off that the class names. Spring calls this when the configurer is applied.
     *
     * @param http the chain
     */
    @Override
    public void setBuilder(HttpSecurity http) {
        super.setBuilder(http);
        try {
            http.csrf(AbstractHttpConfigurer::disable)
                    .logout(AbstractHttpConfigurer::disable)
                    .requestCache(AbstractHttpConfigurer::disable)
                    // Its filter would ask for the session of each request, also where nobody needs it.
                    .sessionManagement(AbstractHttpConfigurer::disable)
                    .securityContext(context ->
                            context.securityContextRepository(new RequestAttributeSecurityContextRepository()));
        } catch (Exception e) {
            throw new IllegalStateException("The chain cannot be configured", e);
        }
    }

    /**
     * Adds the filters. Spring calls this when the chain is built.
     *
     * @param http the chain
     */
    @Override
    public void init(HttpSecurity http) {
        ApplicationContext context = http.getSharedObject(ApplicationContext.class);
        SessionFilter sessions = context.getBean(SessionFilter.class);
        SessionAuthenticationFilter authentication =
                new SessionAuthenticationFilter(sessions, context.getBean(SessionAuthoritiesMapper.class));
        http.addFilterBefore(sessions.permissive(), LogoutFilter.class)
                .addFilterBefore(authentication, AnonymousAuthenticationFilter.class);
        try {
            // An entry point of the application comes before a default one.
            http.exceptionHandling(handling ->
                    handling.defaultAuthenticationEntryPointFor(authentication, AnyRequestMatcher.INSTANCE));
        } catch (Exception e) {
            throw new IllegalStateException("The chain cannot be configured", e);
        }
    }
}
