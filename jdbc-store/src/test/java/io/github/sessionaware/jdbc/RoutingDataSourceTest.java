package io.github.sessionaware.jdbc;

import static io.github.sessionaware.Admission.unconditional;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sessionaware.SessionRecord;
import io.github.sessionaware.SessionStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A data source that chooses the database by the calling thread, as applications with tenants have it. */
class RoutingDataSourceTest {
    private static final String USER = "alice";
    private static final int CALLERS = 40;
    private static final List<String> TENANTS = List.of("blue", "green");

    private final Map<String, H2Database> databases =
            Map.of("blue", H2Database.inMemory(), "green", H2Database.inMemory());
    private final ThreadLocal<String> tenant = ThreadLocal.withInitial(() -> "blue");
    private final List<SessionRecord> sessions = IntStream.range(0, CALLERS)
            .mapToObj(i -> SampleSessions.session("session-%016d".formatted(i), USER, SampleSessions.START))
            .toList();

    /** Connections that the data source may still hand out. */
    private final Semaphore gate = new Semaphore(CALLERS);

    private final AtomicInteger arrivals = new AtomicInteger();
    private final JdbcSessionStore store = new JdbcSessionStore(routingDataSource());

    @BeforeEach
    void logIn() {
        for (H2Database database : databases.values()) {
            new JdbcSessionStore(database.driver()).createTableIfMissing();
        }
        for (int i = 0; i < CALLERS; i++) {
            new JdbcSessionStore(databases.get(tenantOf(i)).driver()).create(sessions.get(i), unconditional());
        }
        gate.drainPermits();
        arrivals.set(0);
    }

    @Test
    void everyTenantsSessionIsFoundWhileManyCallersReadAtOnce() throws Exception {
        Callers callers = new Callers(store);

        gate.release(CALLERS);

        assertEquals(sessions.stream().map(Optional::of).toList(), callers.answers());
    }

    /** This is why the documentation excludes such data sources from shared reads, and why they are off by default. */
    @Test
    void aSharedReadMissesTheSessionsOfOtherTenants() throws Exception {
        Callers callers = new Callers(new EveryReadShared(store));

        // The first leader finishes. The next leader takes all waiting callers along.
        gate.release();
        awaitArrivals(JdbcSessionStore.BATCHES_AT_ONCE + 1);
        gate.release(CALLERS);

        assertTrue(callers.answers().contains(Optional.empty()), "a live session is not found");
    }

    private DataSource routingDataSource() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    arrivals.incrementAndGet();
                    gate.acquire();
                    return method.invoke(databases.get(tenant.get()).driver(), arguments);
                });
    }

    private void awaitArrivals(int count) {
        while (arrivals.get() < count) {
            Thread.onSpinWait();
        }
    }

    private static String tenantOf(int caller) {
        return TENANTS.get(caller % TENANTS.size());
    }

    /** One thread for each session, which reads as the session's tenant. All of them are blocked. */
    private final class Callers {
        private final List<FutureTask<Optional<SessionRecord>>> reads = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();

        Callers(SessionStore store) {
            for (int i = 0; i < CALLERS; i++) {
                String own = tenantOf(i);
                String id = sessions.get(i).id();
                FutureTask<Optional<SessionRecord>> read = new FutureTask<>(() -> {
                    tenant.set(own);
                    return store.find(USER, id);
                });
                reads.add(read);
                Thread thread = new Thread(read);
                threads.add(thread);
                thread.start();
                if (i < JdbcSessionStore.BATCHES_AT_ONCE) {
                    // Each leader takes no other caller along, because no other caller is there.
                    awaitArrivals(i + 1);
                }
            }
            awaitAllBlocked();
        }

        /** Each caller either asks for a connection or waits for another caller's query. */
        private void awaitAllBlocked() {
            while (arrivals.get() + threads.stream().filter(this::isQueued).count() < CALLERS) {
                Thread.onSpinWait();
            }
        }

        private boolean isQueued(Thread thread) {
            return LockSupport.getBlocker(thread) instanceof BatchedReads<?, ?>;
        }

        List<Optional<SessionRecord>> answers() throws Exception {
            List<Optional<SessionRecord>> answers = new ArrayList<>();
            for (FutureTask<Optional<SessionRecord>> read : reads) {
                answers.add(read.get());
            }
            return answers;
        }
    }
}
