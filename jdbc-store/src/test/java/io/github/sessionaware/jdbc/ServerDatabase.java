package io.github.sessionaware.jdbc;

/** A database on a server in a process of its own, so that a test can break the line to it. */
interface ServerDatabase extends TestDatabase {

    String name();

    /** The port on the loopback address where the server, or a proxy in front of it, listens. */
    int port();

    /** The same database, reached through another port that leads to it. */
    ServerDatabase through(int otherPort);
}
