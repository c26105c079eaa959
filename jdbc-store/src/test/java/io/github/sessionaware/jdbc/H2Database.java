package io.github.sessionaware.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A database in memory, each with its own name, whose connections are watched: which statements they prepare, and that
 * all are closed when a test ends.
 */
final class H2Database implements AfterEachCallback {
    private final JdbcDataSource driver = new JdbcDataSource();
    private final AtomicInteger open = new AtomicInteger();
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private final boolean autoCommit;

    H2Database() {
        this(true);
    }

    private H2Database(boolean autoCommit) {
        this.autoCommit = autoCommit;
        driver.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    static H2Database withoutAutoCommit() {
        return new H2Database(false);
    }

    /** Connections that are watched. */
    DataSource dataSource() {
        return proxy(DataSource.class, (method, arguments) -> {
            Object result = method.invoke(driver, arguments);
            return result instanceof Connection connection ? watched(connection) : result;
        });
    }

    /** Connections of the test's own, not watched, always with auto-commit. */
    DataSource directly() {
        return driver;
    }

    List<String> statements() {
        return List.copyOf(statements);
    }

    void forgetStatements() {
        statements.clear();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertEquals(0, open.get(), "connections left open");
    }

    private Connection watched(Connection connection) throws Exception {
        connection.setAutoCommit(autoCommit);
        open.incrementAndGet();
        return proxy(Connection.class, (method, arguments) -> {
            switch (method.getName()) {
                case "prepareStatement" -> statements.add((String) arguments[0]);
                case "close" -> open.decrementAndGet();
                default -> {}
            }
            return method.invoke(connection, arguments);
        });
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

    private interface Invocation {
        Object of(Method method, Object[] arguments) throws Exception;
    }
}
