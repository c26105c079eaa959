package io.github.sessionaware.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

@Tag("thorough")
class MariaDbFaultsTest {

    @Nested
    class OfTheLineOrTheTable extends StoreFaults {
        OfTheLineOrTheTable() {
            super(MariaDbServer.shared(), "set autocommit=0");
        }
    }

    @Nested
    class OfTheServer extends ServerFaults {
        OfTheServer() {
            super(MariaDbServer.start());
        }
    }
}
