package io.github.sessionaware.benchmarks;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.github.sessionaware.benchmarks.Login.Client;
import java.util.List;

/** Verifies a stateless token with java-jwt and checks no session. */
final class JavaJwt implements Authenticator {
    private final SignedWith signedWith;
    private final JWTVerifier verifier;

    JavaJwt(SignedWith signedWith) {
        this.signedWith = signedWith;
        this.verifier = JWT.require(signedWith.javaJwt())
                .withIssuer(Login.ISSUER)
                .withAudience(Login.ISSUER)
                .build();
    }

    DecodedJWT verify(String token) {
        return verifier.verify(token);
    }

    @Override
    public List<Client> logIn(int clients) {
        return Login.clients(Login.spreadOver(clients, clients), clients, signedWith);
    }

    @Override
    public String userOf(String token) {
        return verify(token).getSubject();
    }

    @Override
    public boolean logOut(String token) {
        return false;
    }
}
