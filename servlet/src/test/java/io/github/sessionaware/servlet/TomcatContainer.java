package io.github.sessionaware.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.io.File;
import java.nio.file.Files;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

final class TomcatContainer implements Container {
    private final Tomcat tomcat = new Tomcat();

    @Override
    public int start(Filter filter, HttpServlet servlet) throws Exception {
        // Tomcat logs the failures of servlets that the tests cause.
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setLevel(Level.OFF);
        }
        File work = Files.createTempDirectory("tomcat").toFile();
        work.deleteOnExit();
        tomcat.setBaseDir(work.getPath());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        addContext("/app", filter, servlet);
        addContext("", filter, servlet);
        tomcat.start();
        return tomcat.getConnector().getLocalPort();
    }

    private void addContext(String path, Filter filter, HttpServlet servlet) {
        Context context = tomcat.addContext(path, null);
        FilterDef definition = new FilterDef();
        definition.setFilterName("filter");
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("filter");
        map.addURLPattern("/*");
        for (DispatcherType type : DispatcherType.values()) {
            map.setDispatcher(type.name());
        }
        context.addFilterMap(map);
        Wrapper servlets = Tomcat.addServlet(context, "pages", servlet);
        servlets.setAsyncSupported(true);
        context.addServletMappingDecoded("/", "pages");
        context.addServletMappingDecoded("/below/*", "pages");
        for (int status : path.isEmpty() ? new int[] {403, 404, 500, 503} : new int[0]) {
            ErrorPage page = new ErrorPage();
            page.setErrorCode(status);
            page.setLocation("/error");
            context.addErrorPage(page);
        }
    }

    @Override
    public void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }
}
