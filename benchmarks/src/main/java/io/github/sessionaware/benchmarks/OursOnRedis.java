package io.github.sessionaware.benchmarks;

import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.benchmarks.Login.Client;
import io.github.sessionaware.redis.JedisAccess;
import io.github.sessionaware.redis.RedisSessionStore;
import java.util.List;
import redis.clients.jedis.RedisClient;

/** This library on Redis, through a pool of Jedis. It records activity when that is due. */
final class OursOnRedis implements Ours {
    private final SignedWith signedWith;
    private final RedisClient client = Redis.pool();
    private final SessionAwareTokenService service;

    OursOnRedis(SignedWith signedWith) {
        this.signedWith = signedWith;
        this.service = Services.withDefaults(new RedisSessionStore(JedisAccess.of(client)), signedWith)
                .build();
    }

    @Override
    public List<Client> logIn(int clients) {
        int sessions = Math.min(clients, Login.USED_SESSIONS);
        List<Login> logins = Login.spreadOver(sessions, sessions);
        Redis.store(client, logins);
        return Login.clients(logins, clients, signedWith);
    }

    @Override
    public SessionAwareTokenService service() {
        return service;
    }

    @Override
    public void close() {
        client.close();
    }
}
