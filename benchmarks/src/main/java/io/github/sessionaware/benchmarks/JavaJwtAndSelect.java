package io.github.sessionaware.benchmarks;

import com.auth0.jwt.interfaces.DecodedJWT;
import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.benchmarks.Login.Client;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The simplest session check on a database: java-jwt and one select per request. It never writes. */
final class JavaJwtAndSelect implements Authenticator {
    private final SignedWith signedWith;
    private final JavaJwt javaJwt;
    private final int sessions;
    private final HikariDataSource pool;

    JavaJwtAndSelect(SignedWith signedWith, int sessions) {
        this.signedWith = signedWith;
        this.javaJwt = new JavaJwt(signedWith);
        this.sessions = sessions;
        this.pool = Postgres.pool(sessions);
    }

    @Override
    public List<Client> logIn(int clients) {
        return Login.clients(Login.spreadOver(sessions, Math.min(clients, Login.USED_SESSIONS)), clients, signedWith);
    }

    @Override
    public String userOf(String token) throws SQLException {
        DecodedJWT verified = javaJwt.verify(token);
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement(SelectOnly.USER_OF_SESSION)) {
            return SelectOnly.userOf(
                    select, verified.getSubject(), verified.getClaim("sid").asString());
        }
    }

    @Override
    public boolean logOut(String token) throws SQLException {
        DecodedJWT verified = javaJwt.verify(token);
        return Postgres.delete(
                pool, verified.getSubject(), verified.getClaim("sid").asString());
    }

    @Override
    public void close() {
        pool.close();
    }
}
