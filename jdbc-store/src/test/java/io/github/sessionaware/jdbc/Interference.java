package io.github.sessionaware.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

/** What happens just before a connection passes a call on; an exception takes the place of the call. */
interface Interference {
    void happen(Object[] arguments) throws SQLException;

    /** A connection on which it happens before each call of a method of this name. */
    static Connection before(String method, Connection connection, Interference interference) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        interference.happen(arguments);
                    }
                    try {
                        return called.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A connection on which it happens before each statement that begins with this word. */
    static Connection beforeEach(String word, Connection connection, Interference interference) {
        return before("prepareStatement", connection, arguments -> {
            if (((String) arguments[0]).startsWith(word)) {
                interference.happen(arguments);
            }
        });
    }
}
