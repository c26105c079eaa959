package io.github.sessionaware.servlet;

import static java.util.Objects.requireNonNull;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.function.Function;

/**
 * Finds the device of a servlet request with a {@link ClientInfoReader}. Needs session-aware-jwt-client-info, which
 * this module does not bring.
 */
public final class RequestClientInfo {
    private RequestClientInfo() {}

    /**
     * Returns a function for {@link SessionFilterBuilder#clientInfo}.
     *
     * @param reader finds names, addresses behind proxies, and places
     * @return a function as thread-safe as the reader
     */
    public static Function<HttpServletRequest, ClientInfo> with(ClientInfoReader reader) {
        requireNonNull(reader, "reader");
        return request -> reader.read(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
    }
}
