package io.github.sessionaware.examples.devices;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;

/** Reads the device of a servlet request. */
final class Clients {
    private final ClientInfoReader reader;

    Clients(ClientInfoReader reader) {
        this.reader = reader;
    }

    ClientInfo of(HttpServletRequest request) {
        return reader.read(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
    }
}
