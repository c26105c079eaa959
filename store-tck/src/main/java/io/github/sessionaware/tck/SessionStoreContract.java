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
 *   <li>It has room for about a thousand records and serves eight concurrent callers.
 *   <li>It may contain other data. Each test uses random user ids and session ids, and may leave records behind. The
 *       tests purge at times before the year 2000, which removes every record that expired before then.
 *   <li>Nothing else purges the store during the tests. Turn off a time-to-live of the store, because some rules create
 *       records that expired long ago.
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
                IdentityRules,
                TouchRules,
                TouchRaceRules,
                ReplaceRules,
                DeleteRules,
                LimitRules,
                PurgeRules,
                RaceRules {

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
}
