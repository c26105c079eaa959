package io.github.sessionaware.springboot;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Tells {@link SessionAuthenticationFilter} when Spring MVC has handled a request. Spring MVC then publishes an event
 * with the name of the user. For that, a request for an open path must neither read the store nor fail.
 */
final class HandledRequests implements WebMvcConfigurer, AsyncHandlerInterceptor {
    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        // The first interceptor is the last one to be told that a request was handled.
        registry.addInterceptor(this).order(Ordered.HIGHEST_PRECEDENCE);
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        SessionAuthenticationFilter.handled(request);
    }

    @Override
    public void afterConcurrentHandlingStarted(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        SessionAuthenticationFilter.handled(request);
    }
}
