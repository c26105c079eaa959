package io.github.sessionaware.benchmarks;

import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.SQLException;
import java.util.List;

/** Finds out which user sent a request. */
interface Authenticator extends AutoCloseable {

    /** Logs users in and returns different credentials for each client. Several clients may share one session. */
    List<Client> logIn(int clients) throws Exception;

    /** Returns the user, or throws if the credentials are invalid or their session has ended. This call is measured. */
    String userOf(String credentials) throws Exception;

    /** Ends the session. Returns false if this authenticator cannot do that before the credentials expire. */
    boolean logOut(String credentials) throws Exception;

    @Override
    default void close() throws SQLException {}

    /** The credentials are invalid, or their session has ended. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused() {
            super("refused");
        }
    }
}
