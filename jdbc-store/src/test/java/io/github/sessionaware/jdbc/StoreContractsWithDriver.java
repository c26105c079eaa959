package io.github.sessionaware.jdbc;

import java.time.ZoneId;
import org.junit.jupiter.api.Nested;

/** The contract through the driver's own data source too, which opens a connection for every call. */
abstract class StoreContractsWithDriver extends StoreContracts {

    @Nested
    class FromTheDriverWithoutAutoCommitInHonoluluTest extends Contract {
        FromTheDriverWithoutAutoCommitInHonoluluTest() {
            super(ZoneId.of("Pacific/Honolulu"), false, false);
        }
    }
}
