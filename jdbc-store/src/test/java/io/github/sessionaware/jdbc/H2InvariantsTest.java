package io.github.sessionaware.jdbc;

class H2InvariantsTest extends StoreInvariants {
    private static final TestDatabase DATABASE = H2Database.inMemory();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
