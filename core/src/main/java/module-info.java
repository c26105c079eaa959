/** Issues JSON Web Tokens tied to sessions, validates them, and lists and revokes the sessions. */
module io.github.sessionaware {
    requires com.auth0.jwt;
    requires com.fasterxml.jackson.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.github.sessionaware;
}
