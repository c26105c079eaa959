package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Checks the promises of {@link SessionStore} with JUnit tests. To test a store, extend this class:
 *
 * <pre>{@code
 * class InMemorySessionStoreContractTest extends SessionStoreContract {
 *     @Override
 *     public SessionStore store() {
 *         return new InMemorySessionStore();
 *     }
 * }
 * }</pre>
 *
 * <p>The name of a failing test is the rule that the store breaks. The message says what the store returned instead.
 * Passing tests do not prove that concurrent calls are correct: each race runs a hundred rounds, and a race window of a
 * few instructions may never open in them.
 *
 * <p>Requirements for the store under test:
 *
 * <ul>
 *   <li>It has room for about a thousand records and serves eight concurrent callers, on one node or divided between
 *       two.
 *   <li>It may contain other data. Each test uses random user ids and session ids, and may leave records behind. The
 *       tests purge at times more than twenty years ago, which removes every record that expired before then.
 *   <li>Nothing else removes records during the tests, except a time-to-live of the store itself. Such a store says so
 *       in {@link #dropsExpired()}.
 * </ul>
 *
 * <p>The tests run one after another, even if JUnit runs other tests in parallel. No test sleeps. A test depends on the
 * speed of the store only if a concurrent call takes 30 seconds, or a whole test three minutes.
 *
 * <p>The contract supports JUnit 6 and JUnit 5.14. It depends on JUnit 6. To run it on JUnit 5, import
 * {@code junit-bom} in version 5.14.
 */
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
public abstract class SessionStoreContract
        implements RecordRules,
                PartRules,
                IdentityRules,
                AdmissionRules,
                TouchRules,
                TouchRaceRules,
                ReplaceRules,
                DeleteRules,
                ExpiryRules,
                PurgeRules,
                RaceRules,
                NodeRules {

    /** For subclasses. */
    protected SessionStoreContract() {}

    /**
     * Returns the store under test, either a new one or a shared one. Each test calls this method once, after the
     * {@code @BeforeEach} methods.
     *
     * @return the store
     */
    @Override
    public abstract SessionStore store();

    /**
     * Returns another instance of the store on the same data, as a second node of the application has it. Override it
     * for every store that several nodes can share. The rules then check that a call on one node sees the effect of
     * every earlier call on the other. A store that caches reads, or locks within its own process, fails them. A test
     * calls this method at most once.
     *
     * @param store what {@link #store()} has returned in this test
     * @return the given store, unless overridden
     */
    @Override
    public SessionStore otherNode(SessionStore store) {
        return store;
    }

    /**
     * Returns whether the store drops expired records by itself. Override it for a store with its own time-to-live. The
     * rules then accept that a record is gone once its {@code expiresAt} is past, and nothing else. They compare
     * {@code expiresAt} with the clock of this JVM, so run the store on the same machine. One rule takes two seconds
     * then, and needs answers to four calls within the first.
     *
     * @return false, unless overridden
     */
    @Override
    public boolean dropsExpired() {
        return false;
    }
}
