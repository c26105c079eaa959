/** Keeps the sessions of one node in memory. */
module io.github.sessionaware.memory {
    requires transitive io.github.sessionaware;
    requires static org.jspecify;

    exports io.github.sessionaware.memory;
}
