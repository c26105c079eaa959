package io.github.sessionaware.jdbc;

import io.github.sessionaware.testing.history.TwoNodes;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Two nodes on one database, under a random load, answer like one that does one thing after the other. */
abstract class TwoNodesHistory {
    private static final int ROUNDS = Integer.getInteger("history.rounds", 2_000);

    abstract TestDatabase database();

    @Test
    void everyAnswerIsOneThatSomeOrderOfTheCallsExplains() throws Exception {
        assertExplained("", ROUNDS, UnaryOperator.identity());
    }

    @Test
    void everyAnswerOfAQueueThatAllReadsGoThroughIsOneThatSomeOrderOfTheCallsExplains() throws Exception {
        assertExplained(", queued", ROUNDS / 4, store -> store.withBatchedReads(64, 0));
    }

    private void assertExplained(String how, int rounds, UnaryOperator<JdbcSessionStore> reading) throws Exception {
        database().execute("drop table if exists jwt_sessions", "drop table if exists jwt_sessions_schema");
        try (TwoStores stores = new TwoStores(database(), "", reading)) {
            TwoNodes nodes = stores.nodes(Duration.ofMinutes(20), UnaryOperator.identity());

            nodes.run(getClass().getSimpleName() + how, round -> round < rounds);

            nodes.assertExplained();
            stores.assertNoConnectionIsInUse();
        }
    }
}
