package io.github.sessionaware.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs on one database, subject by subject, what the store promises beyond the contract. */
@Execution(ExecutionMode.CONCURRENT)
abstract class StoreOnDatabase {

    abstract TestDatabase database();

    @Nested
    class CreatesItsTables extends TableCreation {
        CreatesItsTables() {
            super(database());
        }
    }

    @Nested
    class NamesFaultsOfTheTable extends TableFaults {
        NamesFaultsOfTheTable() {
            super(database());
        }
    }

    @Nested
    class KeepsTimesInEveryZone extends TimeZones {
        KeepsTimesInEveryZone() {
            super(database());
        }
    }

    @Nested
    class SendsFewStatements extends CallCosts {
        SendsFewStatements() {
            super(database());
        }
    }

    @Nested
    class SharesReads extends SharedReads {
        SharesReads() {
            super(database());
        }
    }

    @Nested
    class CommitsAndSkipsLocks extends LocksAndCommits {
        CommitsAndSkipsLocks() {
            super(database());
        }
    }

    @Nested
    class JoinsTransactions extends JoinedTransactions {
        JoinsTransactions() {
            super(database());
        }
    }

    @Nested
    class LimitsSessions extends SessionLimits {
        LimitsSessions() {
            super(database());
        }
    }

    @Nested
    class StoresNoSecrets extends StoredSecrets {
        StoresNoSecrets() {
            super(database());
        }
    }

    @Nested
    class UsesItsIndexes extends IndexUse {
        UsesItsIndexes() {
            super(database());
        }
    }
}
