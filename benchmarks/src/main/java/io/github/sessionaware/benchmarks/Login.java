package io.github.sessionaware.benchmarks;

import static java.util.Objects.requireNonNull;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A user with one session. All contenders that read a JWT, except Sa-Token, get the same one. */
record Login(String userId, String sessionId) {
    static final String ISSUER = "https://shop.example";

    /** The number of sessions that the requests use, even if there are more tokens. */
    static final int USED_SESSIONS = 1_000;

    static final Duration LIFETIME = Duration.ofDays(14);
    static final ClientInfo CLIENT = ClientInfo.builder()
            .device("Firefox on Linux")
            .userAgent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .ipAddress("203.0.113.7")
            .location("Berlin, DE")
            .build();

    /** Returns the login with this number, counted from 1 as in {@link Postgres#fill}. */
    static Login number(int number) {
        return new Login("user-" + number, "session-%016d".formatted(number));
    }

    /** Returns logins at equal distances over the whole table. */
    static List<Login> spreadOver(int sessions, int howMany) {
        return IntStream.range(0, howMany)
                .mapToObj(i -> number(1 + (int) ((long) i * sessions / howMany)))
                .toList();
    }

    /** Signs one token per client. If there are more clients than logins, a login gets several tokens. */
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

    SessionRecord session() {
        Instant now = Instant.now();
        return SessionRecord.builder(userId, sessionId)
                .client(CLIENT)
                .createdAt(now)
                .lastActiveAt(now)
                .expiresAt(now.plus(LIFETIME))
                .build();
    }

    /** A user and the credentials that this user sends with each request. */
    record Client(String userId, String credentials) {}
}
