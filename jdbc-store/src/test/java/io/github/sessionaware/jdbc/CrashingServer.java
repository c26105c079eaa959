package io.github.sessionaware.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.jdbc.PostgresServer.PostgresDatabase;
import io.github.sessionaware.testing.Ledger;
import io.github.sessionaware.testing.Ledger.Login;
import io.github.sessionaware.testing.TestService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A PostgreSQL server that is killed and restarted under the load of two nodes, each with a pool of its own. */
final class CrashingServer implements AutoCloseable {
    private static final int CALLERS = 8;
    private static final int POOL_SIZE = 3;
    private static final int SESSIONS_AT_REST = 200;

    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    private final PostgresDatabase database;
    private final List<HikariDataSource> pools;
    private final List<SessionAwareTokenService> nodes;
    private PostgresServer server;
    private volatile boolean isBack;

    CrashingServer(Map<String, String> settings) {
        server = PostgresServer.start(PostgresServer.newFolder(), 0, settings);
        database = server.newDatabase();
        new JdbcSessionStore(database.driver()).createTableIfMissing();
        pools = List.of(database.pool(POOL_SIZE), database.pool(POOL_SIZE));
        nodes = pools.stream()
                .map(pool -> TestService.aServiceOn(new JdbcSessionStore(pool)).build())
                .toList();
    }

    SessionAwareTokenService node() {
        return nodes.get(0);
    }

    /**
     * Kills the server after this number of acknowledged logins and revokes, while all callers are calling, and
     * restarts it. Each caller goes on until the restarted server has answered it.
     */
    Ledger crashAfter(int acknowledgements) throws Exception {
        CountDownLatch killIsDue = new CountDownLatch(SESSIONS_AT_REST + acknowledgements);
        Ledger ledger = new Ledger(killIsDue);
        Queue<Login> atRest = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < SESSIONS_AT_REST; i++) {
            ledger.login(node(), newUser()).ifPresent(atRest::add);
        }
        // The checkpoint writes these to disk, however early the server has acknowledged them.
        database.execute("checkpoint");

        isBack = false;
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Caller caller = new Caller(ledger, nodes.get(i % 2), nodes.get((i + 1) % 2), atRest);
            callers.add(threads.submit(() -> callUntilItIsBack(caller)));
        }
        killIsDue.await();
        server.kill();
        server = server.startAgain();
        isBack = true;
        for (Future<?> caller : callers) {
            caller.get();
        }
        return ledger;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        pools.forEach(HikariDataSource::close);
        server.close();
    }

    private void callUntilItIsBack(Caller caller) {
        boolean wasBack;
        boolean answered;
        do {
            wasBack = isBack;
            answered = caller.callAll();
        } while (!(wasBack && answered));
    }

    private static String newUser() {
        return "user-" + UUID.randomUUID();
    }

    /** Logs in on one node and revokes on the other. */
    private record Caller(
            Ledger ledger,
            SessionAwareTokenService loginNode,
            SessionAwareTokenService otherNode,
            Queue<Login> atRest) {

        /** False as soon as a call gets no answer. */
        boolean callAll() {
            String user = newUser();
            List<Login> logins = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Optional<Login> login = ledger.login(loginNode, user);
                if (login.isEmpty()) {
                    return false;
                }
                logins.add(login.get());
            }
            Login revoked = logins.get(0);
            Login kept = logins.get(3);
            Login old = atRest.poll();
            return revokeOne(revoked)
                    && ledger.validate(loginNode, revoked)
                    && ledger.revoke(logins.subList(1, 3), () -> otherNode.revokeOtherSessions(user, kept.sessionId()))
                    && ledger.validate(loginNode, kept)
                    && (old == null || revokeOne(old));
        }

        private boolean revokeOne(Login login) {
            return ledger.revoke(List.of(login), () -> otherNode.revokeSession(login.userId(), login.sessionId()));
        }
    }
}
