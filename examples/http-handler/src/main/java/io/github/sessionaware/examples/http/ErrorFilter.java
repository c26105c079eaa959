package io.github.sessionaware.examples.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.ReauthenticationRequiredException;
import io.github.sessionaware.SessionLimitExceededException;
import io.github.sessionaware.SessionStoreException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request whose handler throws, and shows the client no details. */
final class ErrorFilter extends Filter {
    private static final Logger log = LoggerFactory.getLogger(ErrorFilter.class);

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        try {
            chain.doFilter(exchange);
        } catch (HttpError e) {
            Answer.error(exchange, e.status(), e.text());
        } catch (ReauthenticationRequiredException e) {
            exchange.getResponseHeaders().set("WWW-Authenticate", e.wwwAuthenticate());
            Answer.error(exchange, 401, "Log in again");
        } catch (SessionLimitExceededException e) {
            Answer.error(exchange, 403, "Too many sessions");
        } catch (LoginRefusedException e) {
            Answer.error(exchange, 403, "The password has changed");
        } catch (SessionStoreException e) {
            log.warn("The session store cannot answer", e);
            if (isUnanswered(exchange)) {
                Answer.unavailable(exchange);
            }
        } catch (RuntimeException | Error e) {
            // Without this the server drops an Error and leaves the client waiting.
            log.error("A request failed", e);
            if (isUnanswered(exchange)) {
                Answer.error(exchange, 500, "Internal error");
            }
        } finally {
            exchange.close();
        }
    }

    @Override
    public String description() {
        return "Answers requests whose handler failed";
    }

    private static boolean isUnanswered(HttpExchange exchange) {
        return exchange.getResponseCode() == -1;
    }
}
