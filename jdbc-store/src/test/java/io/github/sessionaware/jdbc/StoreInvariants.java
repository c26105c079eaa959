package io.github.sessionaware.jdbc;

import io.github.sessionaware.SessionStore;
import io.github.sessionaware.testing.invariants.HostInvariants;
import io.github.sessionaware.testing.invariants.ManyRounds;
import io.github.sessionaware.testing.invariants.RefreshInvariants;
import io.github.sessionaware.testing.invariants.RevocationInvariants;
import io.github.sessionaware.testing.invariants.ServiceInvariants;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Isolated;

/** The invariants of the service on one database. */
@Isolated("counts the threads of the virtual machine")
abstract class StoreInvariants {

    abstract TestDatabase database();

    @Nested
    class DirectTest extends TwoPools implements ServiceInvariants {
        DirectTest() {
            super(database());
        }
    }

    /**
     * Every read goes through the queue. The queue must not answer a read with a query that began before it, so the
     * invariants here are those in which a read follows a write of another node.
     */
    @Nested
    class QueuedTest extends TwoPools implements RevocationInvariants, RefreshInvariants, HostInvariants {
        QueuedTest() {
            super(database());
        }

        @Override
        SessionStore reading(JdbcSessionStore store) {
            return new EveryReadShared(store);
        }
    }

    @Nested
    class DirectInManyRoundsTest extends DirectTest implements ManyRounds {}

    @Nested
    class QueuedInManyRoundsTest extends QueuedTest implements ManyRounds {}
}
