package io.github.sessionaware.benchmarks;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A user with one session. All that read a JWT read the same one. */
record Login(String userId, String sessionId) {
    static final String ISSUER = "https://shop.example";

    /** So many sessions are asked for, however many tokens there are. */
    static final int VISITED = 1_000;

    static final Duration LIFETIME = Duration.ofDays(14);
    static final ClientInfo CLIENT = ClientInfo.builder()
            .device("Firefox on Linux")
            .userAgent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .ipAddress("203.0.113.7")
            .location("Berlin, DE")
            .build();

    /** As {@link Postgres#fill} numbers them, from 1. */
    static Login number(int number) {
        return new Login("user-" + number, "session-%016d".formatted(number));
    }

    /** From all over the table. */
    static List<Login> spreadOver(int sessions, int howMany) {
        return IntStream.range(0, howMany)
                .mapToObj(i -> number(1 + (int) ((long) i * sessions / howMany)))
                .toList();
    }

    /** Where there are more tokens than logins, a login has several tokens. */
    static List<Client> clients(List<Login> logins, int howMany, SignedWith signedWith) {
        Algorithm algorithm = signedWith.javaJwt();
        String keyId = requireNonNull(signedWith.signingKey().keyId());
        List<Client> clients = new ArrayList<>(howMany);
        for (int i = 0; i < howMany; i++) {
            Login login = logins.get(i % logins.size());
            clients.add(new Client(login.userId, login.token(algorithm, keyId, i)));
        }
        return clients;
    }

    private String token(Algorithm algorithm, String keyId, int number) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return JWT.create()
                .withHeader(Map.of("typ", "at+jwt"))
                .withKeyId(keyId)
                .withIssuer(ISSUER)
                .withSubject(userId)
                .withAudience(ISSUER)
                .withIssuedAt(now)
                .withExpiresAt(now.plus(LIFETIME))
                .withJWTId("token-%018d".formatted(number))
                .withClaim("sid", sessionId)
                .sign(algorithm);
    }

    Session session() {
        Instant now = Instant.now();
        return new Session(sessionId, userId, CLIENT, now, now, now.plus(LIFETIME));
    }

    /** Who sends it, and what is sent with each request. */
    record Client(String userId, String credentials) {}
}
