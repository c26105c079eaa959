/** Sessions in a relational database: see {@link io.github.sessionaware.jdbc.JdbcSessionStore}. */
@NullMarked
package io.github.sessionaware.jdbc;

import org.jspecify.annotations.NullMarked;
