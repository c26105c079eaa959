package io.github.sessionaware.testing;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Loads all classes of the tests again, except those of some packages. */
public final class ClassPathWithout extends URLClassLoader {
    private final List<String> hidden;

    /**
     * Hides packages.
     *
     * @param hidden what their names begin with
     */
    public ClassPathWithout(String... hidden) {
        super(classPath(), ClassLoader.getPlatformClassLoader());
        this.hidden = List.of(hidden);
    }

    private static URL[] classPath() {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            try {
                urls.add(Path.of(entry).toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
        return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (hidden.stream().anyMatch(name::startsWith)) {
            throw new ClassNotFoundException(name + " is hidden");
        }
        return super.loadClass(name, resolve);
    }

    /**
     * Runs a program in this class loader.
     *
     * @param program a public class with a public constructor
     * @return what the program returns
     * @throws Exception what the program throws
     */
    public String run(Class<? extends Callable<String>> program) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            Object own = loadClass(program.getName()).getConstructor().newInstance();
            return (String) ((Callable<?>) own).call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
