package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Passes every call on, and records the prepared statements and the number of open connections. */
final class WatchedDataSource {
    private final DataSource dataSource;
    private final Preparation preparation;
    private final AtomicInteger open = new AtomicInteger();
    private final List<String> statements = new CopyOnWriteArrayList<>();

    WatchedDataSource(DataSource dataSource) {
        this(dataSource, connection -> {});
    }

    WatchedDataSource(DataSource dataSource, Preparation preparation) {
        this.dataSource = dataSource;
        this.preparation = preparation;
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (method, arguments) -> {
            Object result = method.invoke(dataSource, arguments);
            return result instanceof Connection connection ? watched(connection) : result;
        });
    }

    /**
     * The statements since {@link #forgetStatements}: the first word of each prepared statement, "unprepared" for any
     * other statement, and each commit of the client.
     */
    List<String> statements() {
        return List.copyOf(statements);
    }

    void forgetStatements() {
        statements.clear();
    }

    void assertNothingIsOpen() {
        assertEquals(0, open.get(), "connections left open");
    }

    private Connection watched(Connection connection) throws SQLException {
        preparation.prepare(connection);
        open.incrementAndGet();
        return proxy(Connection.class, (method, arguments) -> {
            switch (method.getName()) {
                case "prepareStatement" -> statements.add(firstWord((String) arguments[0]));
                // The text comes later and is not watched. Jdbi runs scripts in this way.
                case "createStatement" -> statements.add("unprepared");
                case "commit" -> statements.add("commit");
                case "close" -> open.decrementAndGet();
                default -> {}
            }
            return method.invoke(connection, arguments);
        });
    }

    private static String firstWord(String statement) {
        return statement.strip().split("\\s", 2)[0].toLowerCase(Locale.ROOT);
    }

    private static <T> T proxy(Class<T> type, Invocation invocation) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            try {
                return invocation.of(method, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    /** Prepares each new connection. */
    interface Preparation {
        void prepare(Connection connection) throws SQLException;
    }

    private interface Invocation {
        Object of(Method method, Object[] arguments) throws Exception;
    }
}
