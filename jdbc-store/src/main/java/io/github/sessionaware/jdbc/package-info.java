/**
 * Sessions in a relational database: see {@link io.github.sessionaware.jdbc.JdbcSessionStore}.
 *
 * <p>The statements that a request sends run on plain JDBC: the two finds and the touches, which {@code validate}
 * calls. There a statement of Jdbi would cost more than the rest of the call. All other statements run on Jdbi, which
 * closes what it opens and names the parameters. Connections and transactions need neither.
 */
@NullMarked
package io.github.sessionaware.jdbc;

import org.jspecify.annotations.NullMarked;
