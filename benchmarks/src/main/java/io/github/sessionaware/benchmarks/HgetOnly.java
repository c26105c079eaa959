package io.github.sessionaware.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.sessionaware.benchmarks.Login.Client;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/** The least that Redis costs: one HGET on one open connection. Only for one thread. */
final class HgetOnly implements Authenticator {
    /** Between the user id and the session id, which are the credentials here. */
    private static final char SEPARATOR = ' ';

    private final Jedis connection = Redis.connect();

    @Override
    public List<Client> logIn(int clients) {
        List<Login> logins = Login.spreadOver(clients, clients);
        try (RedisClient client = Redis.pool()) {
            Redis.store(client, logins);
        }
        return logins.stream()
                .map(login -> new Client(login.userId(), login.userId() + SEPARATOR + login.sessionId()))
                .toList();
    }

    @Override
    public String userOf(String key) {
        int end = key.indexOf(SEPARATOR);
        String userId = key.substring(0, end);
        byte[] record = connection.hget(keyOf(userId), key.substring(end + 1).getBytes(UTF_8));
        if (record == null) {
            throw new Refused();
        }
        return userId;
    }

    @Override
    public boolean logOut(String key) {
        int end = key.indexOf(SEPARATOR);
        return connection.hdel(
                        keyOf(key.substring(0, end)), key.substring(end + 1).getBytes(UTF_8))
                == 1;
    }

    private static byte[] keyOf(String userId) {
        return ("jwt_sessions:" + userId).getBytes(UTF_8);
    }

    @Override
    public void close() {
        connection.close();
    }
}
