package io.github.sessionaware.benchmarks;

import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.benchmarks.Login.Client;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The simplest session check: java-jwt verifies the token, and a map holds the sessions. */
final class JavaJwtAndMap implements Authenticator {
    private final SignedWith signedWith;
    private final JavaJwt javaJwt;
    private final ConcurrentHashMap<String, SessionRecord> sessions = new ConcurrentHashMap<>();

    JavaJwtAndMap(SignedWith signedWith) {
        this.signedWith = signedWith;
        this.javaJwt = new JavaJwt(signedWith);
    }

    @Override
    public List<Client> logIn(int clients) {
        List<Login> logins = Login.spreadOver(clients, clients);
        logins.forEach(login -> sessions.put(login.sessionId(), login.session()));
        return Login.clients(logins, clients, signedWith);
    }

    @Override
    public String userOf(String token) {
        DecodedJWT verified = javaJwt.verify(token);
        SessionRecord session = sessions.get(verified.getClaim("sid").asString());
        if (session == null
                || !session.userId().equals(verified.getSubject())
                || !Instant.now().isBefore(session.expiresAt())) {
            throw new Refused();
        }
        return session.userId();
    }

    @Override
    public boolean logOut(String token) {
        return sessions.remove(javaJwt.verify(token).getClaim("sid").asString()) != null;
    }
}
