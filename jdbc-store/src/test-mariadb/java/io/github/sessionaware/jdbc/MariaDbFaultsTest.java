package io.github.sessionaware.jdbc;

class MariaDbFaultsTest extends StoreFaults {

    @Override
    ServerDatabase newDatabase() {
        return MariaDbServer.shared().newDatabase();
    }

    @Override
    String beginOfATransaction() {
        return "set autocommit=0";
    }
}
