package io.github.sessionaware.springboot;

import io.github.sessionaware.servlet.SessionFilter;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.authentication.logout.LogoutFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.savedrequest.NullRequestCache;
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
 * the store, unless the application asks for its user. A page that the rules open needs no entry among the open paths
 * of the {@link SessionFilter}.
 *
 * <p>If a rule refuses an error page too, the response keeps the status of the error and has no body. To show error
 * pages to everybody, permit {@code dispatcherTypeMatchers(DispatcherType.ERROR)}, as the default chain does.
 *
 * <p>When it is applied, it switches four things of Spring off. Configure them afterwards if the chain needs them:
 *
 * <ul>
 *   <li>Spring's protection against requests of other sites, because the filter has its own for cookies, and other
 *       sites cannot send a bearer token
 *   <li>Spring's logout, because it would end no session. Call
 *       {@link SessionFilter#signOut(jakarta.servlet.http.HttpServletRequest,
 *       jakarta.servlet.http.HttpServletResponse)} or {@code request.logout()}
 *   <li>the HTTP session of the container. {@code sessionCreationPolicy(STATELESS)} is not needed: it would make
 *       requests for open paths call the store
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
     * Switches the features off that this class names. Spring calls this when the configurer is applied.
     *
     * @param http the chain
     */
    @Override
    public void setBuilder(HttpSecurity http) {
        super.setBuilder(http);
        http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                // STATELESS would add a filter that asks for the user of every request.
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(
                        context -> context.securityContextRepository(new RequestAttributeSecurityContextRepository()));
    }

    /**
     * Adds the filter. Spring calls this when the chain is built.
     *
     * @param http the chain
     */
    @Override
    public void init(HttpSecurity http) {
        ApplicationContext context = http.getSharedObject(ApplicationContext.class);
        SessionAuthenticationFilter filter = new SessionAuthenticationFilter(
                context.getBean(SessionFilter.class),
                context.getBean(SessionAuthoritiesMapper.class),
                getSecurityContextHolderStrategy());
        // Before all mechanisms that authenticate, and after the one for CORS.
        http.addFilterBefore(filter, LogoutFilter.class);
        // An entry point of the application comes before a default one.
        http.exceptionHandling(
                handling -> handling.defaultAuthenticationEntryPointFor(filter, AnyRequestMatcher.INSTANCE));
    }
}
