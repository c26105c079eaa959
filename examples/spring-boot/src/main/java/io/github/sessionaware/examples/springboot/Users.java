package io.github.sessionaware.examples.springboot;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.SessionAwareTokenService;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/** The users and the hashes of their passwords. */
@Service
class Users {
    static final PasswordEncoder ENCODER = PasswordEncoderFactories.createDelegatingPasswordEncoder();

    /** Checked for an unknown name, so that the time of the response does not tell which names exist. */
    private static final String OF_NOBODY = ENCODER.encode("");

    private final JdbcClient jdbc;
    private final SessionAwareTokenService tokens;

    Users(JdbcClient jdbc, SessionAwareTokenService tokens) {
        this.jdbc = jdbc;
        this.tokens = tokens;
    }

    /** Returns the hash of the right password. A wrong one is answered with 403. */
    String check(String name, String password) {
        Optional<String> hash = hash(name);
        if (!ENCODER.matches(password, hash.orElse(OF_NOBODY)) || hash.isEmpty()) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Wrong name or password");
        }
        return hash.get();
    }

    /**
     * Waits for a change that has not been committed. So a login that asks again after it has stored its session sees
     * either the new password, or the change will find the session.
     */
    Optional<String> hash(String name) {
        String select = "select password from users where name = ? for share";
        return jdbc.sql(select).param(name).query(String.class).optional();
    }

    /** Replaces the password, ends the other sessions of the user and refuses the earlier tokens of this one. */
    @Transactional
    IssuedTokens changePassword(AuthenticatedSession current, String checkedHash, String newHash) {
        String update = "update users set password = ? where name = ? and password = ?";
        if (jdbc.sql(update).params(newHash, current.userId(), checkedHash).update() == 0) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "The password has changed in the meantime");
        }
        tokens.revokeOthers(current, EndCause.PASSWORD_CHANGED);
        return tokens.reauthenticate(current);
    }
}
