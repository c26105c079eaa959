package io.github.sessionaware.jdbc;

class MariaDbInvariantsTest extends StoreInvariants {
    private static final TestDatabase DATABASE = MariaDbServer.shared().newDatabase();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
