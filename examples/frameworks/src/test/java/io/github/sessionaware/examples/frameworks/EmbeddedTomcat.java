package io.github.sessionaware.examples.frameworks;

import jakarta.servlet.ServletContainerInitializer;
import java.net.URI;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** A Tomcat with one application. */
record EmbeddedTomcat(Tomcat tomcat) implements AutoCloseable {
    static EmbeddedTomcat start(Path folder, ServletContainerInitializer application, String... errorPages)
            throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        StandardContext context = (StandardContext) tomcat.addContext("", folder.toString());
        // Tomcat looks for leaks with reflection that the JDK refuses, and warns.
        context.setClearReferencesThreadLocals(false);
        context.setClearReferencesRmiTargets(false);
        context.addServletContainerInitializer(application, null);
        for (String location : errorPages) {
            ErrorPage page = new ErrorPage();
            page.setLocation(location);
            context.addErrorPage(page);
        }
        tomcat.start();
        return new EmbeddedTomcat(tomcat);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }
}
