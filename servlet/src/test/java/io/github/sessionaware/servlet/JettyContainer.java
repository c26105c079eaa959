package io.github.sessionaware.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

final class JettyContainer implements Container {
    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    @Override
    public int start(Filter filter, HttpServlet servlet) throws Exception {
        server.setHandler(
                new ContextHandlerCollection(context("/app", filter, servlet), context("/", filter, servlet)));
        server.start();
        return ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
    }

    private static ServletContextHandler context(String path, Filter filter, HttpServlet servlet) {
        ServletContextHandler context = new ServletContextHandler(path, ServletContextHandler.NO_SESSIONS);
        FilterHolder filters = new FilterHolder(filter);
        filters.setAsyncSupported(true);
        context.addFilter(filters, "/*", EnumSet.allOf(DispatcherType.class));
        ServletHolder servlets = new ServletHolder(servlet);
        servlets.setAsyncSupported(true);
        context.addServlet(servlets, "/");
        context.addServlet(servlets, "/below/*");
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        for (int status : path.equals("/") ? new int[] {403, 404, 500, 503} : new int[0]) {
            errors.addErrorPage(status, "/error");
        }
        context.setErrorHandler(errors);
        return context;
    }

    @Override
    public void stop() throws Exception {
        server.stop();
    }
}
