package io.github.sessionaware.tck;

import io.github.sessionaware.SessionStore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What {@link SessionStore} promises, as JUnit tests. Whoever writes a store inherits them:
 *
 * <pre>{@code
 * class InMemorySessionStoreContractTest extends SessionStoreContract {
 *     @Override
 *     protected SessionStore store() {
 *         return new InMemorySessionStore();
 *     }
 * }
 * }</pre>
 *
 * <p>The name of a failing test is the rule that the store breaks; its message says what was seen instead. Green is no
 * proof where calls race: the tests let them meet a hundred times, and a gap of a few instructions may stay unseen.
 *
 * <p>What the store under test needs:
 *
 * <ul>
 *   <li>Room for about a thousand records, and for eight callers at once.
 *   <li>It need not be empty and may be shared with other data: each test makes up its own users and session ids, and
 *       may leave records behind. It purges at times before the year 2000, so a record that expired before then goes.
 *   <li>Nothing else purges it meanwhile. A store that drops expired records by itself must be told not to: the rules
 *       about borders create records that expired long ago.
 * </ul>
 *
 * <p>Tests run one after the other, even where JUnit runs others in parallel. None sleeps, and none depends on how fast
 * the store is, unless a call hangs for half a minute.
 */
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
public abstract class SessionStoreContract extends RaceRules {

    /** For subclasses. */
    protected SessionStoreContract() {}

    /**
     * The store under test: a new one or a shared one. Called once in each test, after the {@code @BeforeEach} methods.
     *
     * @return the store
     */
    @Override
    protected abstract SessionStore store();
}
