package io.github.sessionaware.benchmarks;

import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.SQLException;
import java.util.List;

/** A way to tell whose a request is. */
interface Way extends AutoCloseable {

    /** Logs users in. What they then send is all different, though some of it may be of one session. */
    List<Client> logIn(int clients) throws Exception;

    /** What is measured: the user, or an exception if these credentials are not good, or no longer. */
    String userOf(String credentials) throws Exception;

    /** False where what is given out stays good until it expires. */
    boolean logOut(String credentials) throws Exception;

    @Override
    default void close() throws SQLException {}

    /** The credentials are not good. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused() {
            super("refused");
        }
    }
}
