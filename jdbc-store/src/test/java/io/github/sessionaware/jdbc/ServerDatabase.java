package io.github.sessionaware.jdbc;

/** A database on a server of its own process, so that there is a line to it that can be broken. */
interface ServerDatabase extends TestDatabase {

    String name();

    /** Where the server, or what stands in front of it, listens on the loopback address. */
    int port();

    /** The same database, reached through another port that leads to it. */
    ServerDatabase through(int otherPort);
}
