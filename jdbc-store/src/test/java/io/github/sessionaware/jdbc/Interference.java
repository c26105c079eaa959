package io.github.sessionaware.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Happens just before a connection passes a call on. If it throws, the call does not take place. */
interface Interference {
    void happen(Object[] arguments) throws SQLException;

    /** A connection on which the interference happens before each call of a method of this name. */
    static Connection before(String method, Connection connection, Interference interference) {
        return proxy((called, arguments) -> {
            if (called.getName().equals(method)) {
                interference.happen(arguments);
            }
            return called.invoke(connection, arguments);
        });
    }

    /** A connection on which the interference happens before each statement that begins with this word. */
    static Connection beforeEach(String word, Connection connection, Interference interference) {
        return before("prepareStatement", connection, arguments -> {
            if (((String) arguments[0]).startsWith(word)) {
                interference.happen(arguments);
            }
        });
    }

    /** A connection that answers this method itself, and passes every other call on. */
    static Connection answering(Connection connection, String method, @Nullable Object answer) {
        return proxy(
                (called, arguments) -> called.getName().equals(method) ? answer : called.invoke(connection, arguments));
    }

    /** A connection whose driver does not say how many rows each statement of a batch has changed. */
    static Connection hidingCountsOfBatches(Connection connection) {
        return proxy((called, arguments) -> {
            Object result = called.invoke(connection, arguments);
            return result instanceof PreparedStatement statement ? hidingCounts(statement) : result;
        });
    }

    private static PreparedStatement hidingCounts(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (called, arguments) -> {
            Object result = called.invoke(statement, arguments);
            if (called.getName().equals("executeBatch")) {
                Arrays.fill((int[]) result, Statement.SUCCESS_NO_INFO);
            }
            return result;
        });
    }

    private static Connection proxy(Call call) {
        return proxy(Connection.class, call);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    try {
                        return call.answer(called, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** Answers a call of a method. */
    interface Call {
        @Nullable
        Object answer(Method called, Object[] arguments) throws Exception;
    }
}
