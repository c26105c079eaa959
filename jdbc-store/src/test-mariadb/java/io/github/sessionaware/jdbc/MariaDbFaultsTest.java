package io.github.sessionaware.jdbc;

import org.junit.jupiter.api.BeforeAll;

class MariaDbFaultsTest extends ServerFaults {

    @BeforeAll
    static void startServer() {
        server = MariaDbServer.start();
    }

    @Override
    String beginOfATransaction() {
        return "set autocommit=0";
    }
}
