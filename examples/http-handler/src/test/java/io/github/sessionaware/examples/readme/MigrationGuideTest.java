package io.github.sessionaware.examples.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.JWTVerifier;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the code of docs/migrating-from-stateless-jwt.md through all steps, and back from each of them. */
class MigrationGuideTest {
    private static final byte[] OLD_SECRET = "the old secret, 32 bytes or more".getBytes(UTF_8);
    private static final Duration OLD_LIFETIME = Duration.ofDays(7);

    /** The old application, with java-jwt alone. */
    private final JWTVerifier before = JWT.require(Algorithm.HMAC256(OLD_SECRET))
            .withIssuer("https://shop.example")
            .withAudience("https://api.shop.example")
            .build();

    private final Instant start = Instant.now();
    private final Instant date = start.plus(OLD_LIFETIME);
    private final String oldToken = oldTokenOf("alice");
    private final JdbcDataSource database = new JdbcDataSource();
    private final JdbcSessionStore store = new JdbcSessionStore(database);
    private final Filter filter = new Filter();

    @BeforeEach
    void stepOne() {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        store.createTableIfMissing();
        assertEquals("alice", before.verify(oldToken).getSubject());
    }

    @Test
    void afterStepOneTheTablesCanBeDropped() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table jwt_sessions, jwt_sessions_schema");
        }

        assertThrows(SessionStoreException.class, () -> store.list("alice"));
        assertEquals("alice", before.verify(oldToken).getSubject());
    }

    @Test
    void theFourStepsReplaceOldTokensAndThenRefuseThem() {
        SessionAwareTokenService tokens = filter.migration(store, OLD_SECRET, date);

        filter.request(tokens, oldToken);
        assertEquals("alice", filter.userId);
        String replacement = filter.replacement;
        String sessionId = filter.sessionId;
        filter.request(tokens, replacement);
        assertEquals(sessionId, filter.sessionId);
        assertNull(filter.replacement);

        assertEquals(
                List.of(sessionId),
                tokens.listSessions("alice").stream().map(Session::id).toList());
        String other = oldTokenOf("alice");
        filter.request(tokens, other);
        assertEquals(2, tokens.listSessions("alice").size());
        tokens.revokeSession("alice", filter.sessionId);
        filter.request(tokens, filter.replacement);
        assertEquals(401, filter.status);

        SessionAwareTokenService afterTheDate = filter.migration(store, OLD_SECRET, Instant.now());
        filter.request(afterTheDate, other);
        assertEquals(401, filter.status);
        filter.request(afterTheDate, replacement);
        assertEquals("alice", filter.userId);
    }

    /** Step 3 changes nothing, so this proves the way back from there too. */
    @Test
    void afterStepTwoTheOldVersionStillWorks() {
        SessionAwareTokenService tokens = filter.migration(store, OLD_SECRET, date);
        filter.request(tokens, oldToken);
        String replacement = filter.replacement;
        tokens.revokeAllSessions("alice");

        assertEquals("alice", before.verify(oldToken).getSubject());
        DecodedJWT goodAgain = before.verify(replacement);
        assertEquals("alice", goodAgain.getSubject());
        assertEquals("at+jwt", goodAgain.getType());

        filter.request(filter.migration(store, OLD_SECRET, date), replacement);
        assertEquals(401, filter.status);
    }

    @Test
    void afterStepFourALaterDateAcceptsOldTokensAgain() {
        filter.request(filter.migration(store, OLD_SECRET, Instant.now()), oldToken);
        assertEquals(401, filter.status);

        filter.request(filter.migration(store, OLD_SECRET, date), oldToken);

        assertEquals("alice", filter.userId);
        assertNotNull(filter.replacement);
    }

    @Test
    void anOldTokenLeadsToOneSessionAndAfterItsEndToNone() {
        SessionAwareTokenService tokens = filter.migration(store, OLD_SECRET, date);
        filter.request(tokens, oldToken);
        String first = filter.sessionId;

        filter.request(tokens, oldToken);
        assertEquals(first, filter.sessionId);
        tokens.revokeAllSessions("alice");
        filter.request(tokens, oldToken);

        assertEquals(401, filter.status);
        assertEquals(List.of(), tokens.listSessions("alice"));
    }

    @Test
    void aFilterWithoutTheBranchRefusesOldTokens() {
        SessionAwareTokenService tokens = filter.migration(store, OLD_SECRET, date);

        assertThrows(InvalidTokenException.class, () -> tokens.validate(oldToken));
        assertEquals("alice", tokens.validateStateless(oldToken).userId());
        assertEquals(List.of(), tokens.listSessions("alice"));
    }

    private String oldTokenOf(String userId) {
        return JWT.create()
                .withJWTId(UUID.randomUUID().toString())
                .withIssuer("https://shop.example")
                .withAudience("https://api.shop.example")
                .withSubject(userId)
                .withIssuedAt(start.minusSeconds(3600))
                .withExpiresAt(start.plus(OLD_LIFETIME))
                .sign(Algorithm.HMAC256(OLD_SECRET));
    }

    /** The filter of the guide, with the result of the last request. */
    private static final class Filter extends Samples {
        private int status;
        private String userId;
        private String sessionId;
        private String replacement;

        void request(SessionAwareTokenService tokens, String token) {
            status = 0;
            userId = null;
            sessionId = null;
            replacement = null;
            migrationFilter(tokens, token, ClientInfo.unknown());
        }

        @Override
        void handle(String userId, String sessionId) {
            this.userId = userId;
            this.sessionId = sessionId;
        }

        @Override
        void addHeader(String name, String value) {
            replacement = value;
        }

        @Override
        void answer(int status, String header, String value) {
            this.status = status;
        }

        @Override
        void changePassword(Connection connection, String userId, String newPassword) throws SQLException {
            throw new SQLException("not part of the guide");
        }

        @Override
        boolean lockIfVersionIs(Connection connection, String userId, int version) throws SQLException {
            throw new SQLException("not part of the guide");
        }

        @Override
        void close() {
            throw new IllegalStateException("not part of the guide");
        }

        @Override
        List<String> rolesOf(String userId, String tenant) {
            throw new IllegalStateException("not part of the guide");
        }

        @Override
        void use(Object... things) {
            throw new IllegalStateException("not part of the guide");
        }

        @Override
        void mail(String userId, String text) {
            throw new IllegalStateException("not part of the guide");
        }
    }
}
