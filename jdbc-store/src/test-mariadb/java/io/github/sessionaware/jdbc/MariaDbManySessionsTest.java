package io.github.sessionaware.jdbc;

class MariaDbManySessionsTest extends ManySessions {
    MariaDbManySessionsTest() {
        super(MariaDbServer.shared().newDatabase(), 60_000);
    }
}
