package io.github.sessionaware.examples.readme;

import io.github.sessionaware.AuthenticatedSession;
import io.github.sessionaware.BearerToken;
import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.EndCause;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.JwsAlgorithm;
import io.github.sessionaware.KeyRing;
import io.github.sessionaware.KeySource;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.ReauthenticationRequiredException;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SessionTimeouts;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.VerificationKey;
import io.github.sessionaware.clientinfo.AddressPrivacy;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.clientinfo.ForwardingHeader;
import io.github.sessionaware.clientinfo.LocationDatabase;
import io.github.sessionaware.clientinfo.LocationPrecision;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** The samples of README, docs and javadoc, compiled. {@link SamplesTest} compares the texts. */
abstract class Samples {
    void firstScreen(
            byte[] secret,
            DataSource dataSource,
            String userAgent,
            String address,
            String authorizationHeader,
            String sessionId) {
        // once
        JdbcSessionStore store = new JdbcSessionStore(dataSource);
        store.createTableIfMissing();
        SessionAwareTokenService tokens = SessionAwareTokenService.builder()
                .issuer("https://shop.example")
                .signingKey(SigningKey.hmac256(secret)) // 32 random bytes or more
                .sessionStore(store) // or new InMemorySessionStore()
                .accessTokenLifetime(Duration.ofDays(30)) // or short, with refreshTokens(otherSecret)
                .build();

        // after you have checked the password
        ClientInfo client =
                ClientInfo.builder().userAgent(userAgent).ipAddress(address).build();
        IssuedTokens issued = tokens.issue("user-42", client); // issued.accessToken() is the JWT for the client

        // on every request
        AuthenticatedSession current;
        try {
            current = tokens.validate(BearerToken.from(authorizationHeader));
        } catch (InvalidTokenException e) {
            answer(401, "WWW-Authenticate", e.wwwAuthenticate());
            return;
        } catch (SessionStoreException e) {
            answer(503, "Retry-After", "5");
            return;
        }
        handle(current.userId(), current.sessionId());

        // "your devices", from what validate returned: nothing to mix up
        List<Session> devices = tokens.listSessions(current); // most recently active first; one is current()
        tokens.revoke(current); // log out here
        tokens.revoke(current, sessionId); // log out that device; true if it was a live session of the same user
        tokens.revokeOthers(current, EndCause.PASSWORD_CHANGED);
        tokens.revokeAllSessions("user-42"); // by user id, for administrators
        tokens.purgeExpiredSessions(); // from your scheduler, every hour or so
        use(issued, devices);
    }

    void refresh(SessionAwareTokenService tokens, String refreshToken, ClientInfo client) {
        // issue() also returns a refresh token if the builder has refreshTokens(...). Later, at your endpoint:
        try {
            IssuedTokens next = tokens.refresh(refreshToken, client);
            handle(next.accessToken(), next.refreshToken()); // both replace what the client has
        } catch (InvalidTokenException e) {
            answer(401, "WWW-Authenticate", e.wwwAuthenticate()); // log in again
        }
    }

    void listen(SessionAwareTokenServiceBuilder builder) {
        // three devices at most, or a limit that depends on the user
        builder.sessionLimit(new SessionLimit(3, AtLimit.END_OLDEST)); // or REFUSE_LOGIN, END_LEAST_RECENTLY_ACTIVE
        builder.listener(SessionListener.logging()); // one line per event, under OWASP's names
        builder.listener(new SessionListener() {
            @Override
            public void sessionCreated(String userId, Session session, Set<Novelty> novelties) {
                if (!novelties.isEmpty()) {
                    mail(userId, "New sign-in from " + session.client().userAgent());
                }
            }
        });
    }

    void stepUp(
            SessionAwareTokenService tokens,
            AuthenticatedSession current,
            ClientInfo client,
            String sessionId,
            Instant passwordChangedAt,
            boolean rememberMe) {
        // without "remember me": the timeouts of NIST's assurance level 2
        LoginOptions options =
                rememberMe ? LoginOptions.defaults() : LoginOptions.defaults().withTimeouts(SessionTimeouts.NIST_AAL2);
        tokens.issue("user-42", client, options.withAuthenticationMethods("pwd"));

        // before a dangerous action: a recent password, or 401 with the challenge of RFC 9470
        try {
            current.requireAuthenticatedWithin(Duration.ofMinutes(5));
        } catch (ReauthenticationRequiredException e) {
            answer(401, "WWW-Authenticate", e.wwwAuthenticate());
        }

        // after the user has entered the password again: new tokens of the same session; its earlier tokens are refused
        IssuedTokens next =
                tokens.reauthenticate(current, LoginOptions.defaults().withAuthenticationMethods("pwd"));

        // the name that a user gives a device, and the cause that ends sessions
        tokens.rename(current, sessionId, "kitchen tablet");
        tokens.revokeOthers(current, EndCause.PASSWORD_CHANGED);
        tokens.revokeSessionsCreatedBefore("user-42", passwordChangedAt, EndCause.PASSWORD_CHANGED);
        handle(next.accessToken(), next.refreshToken());
    }

    void claims(SessionAwareTokenService tokens, SessionAwareTokenServiceBuilder builder, ClientInfo client) {
        LoginOptions options = LoginOptions.defaults()
                .withClaims(Map.of("roles", List.of("admin"))) // in the access token
                .withAttributes(Map.of("tenant", "acme")) // with the session, until it ends
                .withCategory("api"); // what kind of login this is; "device" if you do not set it
        IssuedTokens issued = tokens.issue("user-42", client, options);
        List<String> roles = tokens.validate(issued.accessToken()).claimList("roles", String.class);

        // a refreshed token carries the claims that this function returns
        builder.claimsOnRefresh((userId, session) ->
                Map.of("roles", rolesOf(userId, session.attributes().get("tenant"))));
        use(roles);
    }

    abstract List<String> rolesOf(String userId, String tenant);

    LoginOptions loginOptionsJavadoc() {
        LoginOptions options = LoginOptions.defaults()
                .withTimeouts(SessionTimeouts.NIST_AAL2) // not where the user has ticked "remember me"
                .withAuthenticationMethods("pwd", "otp");
        return options;
    }

    void keys(String text, char[] password, KeyStore keyStore, String publicPem) throws IOException {
        SigningKey secret =
                SigningKey.hmac256(Files.readAllBytes(Path.of("secret.key"))); // openssl rand 32 > secret.key
        SigningKey pem = SigningKey.of(
                JwsAlgorithm.ES256, KeySource.pemFile(Path.of("signing.pem")).keyPair());
        SigningKey encrypted =
                SigningKey.of(JwsAlgorithm.RS256, KeySource.pem(text).keyPair(password));
        SigningKey stored = SigningKey.of(
                JwsAlgorithm.RS256, KeySource.keyStore(keyStore, "signing").keyPair(password));

        // the private key stays in a key service: it is asked for each access token, at a login and at a refresh
        VerificationKey publicKey =
                VerificationKey.of(JwsAlgorithm.ES256, KeySource.pem(publicPem).publicKey());
        SigningKey remote = SigningKey.remote(publicKey, content -> kms.sign(content));

        // a service that only validates has no private key at all
        KeyRing verifying = KeyRing.verifying(publicKey);
        use(List.of(secret, pem, encrypted, stored, remote), verifying);
    }

    void rotation(SigningKey current, SigningKey next) {
        AtomicReference<KeyRing> keys = new AtomicReference<>(KeyRing.of(current));
        SessionAwareTokenServiceBuilder builder =
                SessionAwareTokenService.builder().keyRing(keys::get);

        keys.updateAndGet(ring -> ring.with(next.verificationKey())); // publish, on every node
        keys.updateAndGet(ring -> ring.signingWith(next)); // sign
        keys.updateAndGet(ring -> ring.without(current.keyId())); // retire
        use(builder);
    }

    SessionAwareTokenService migration(SessionStore store, byte[] oldSecret, Instant until) {
        // Step 2. The old key keeps signing. These old tokens name no key id. If yours do, use withKeyId(theirs).
        SessionAwareTokenService tokens = SessionAwareTokenService.builder()
                .issuer("https://shop.example") // as in the old tokens
                .audience("https://api.shop.example") // as in the old tokens
                .signingKey(SigningKey.hmac256(oldSecret).withoutKeyId()) // if java-jwt had a String, its UTF-8 bytes
                .sessionStore(store)
                .absoluteTimeout(Duration.ofDays(30)) // the lifetime of old tokens or longer
                .idleTimeout(Duration.ofDays(30)) // the same, or users log in again after 14 days of absence
                .accessTokenLifetime(Duration.ofDays(30)) // the same, unless you use refresh tokens
                .acceptStatelessTokensUntil(until) // the date
                .build();
        return tokens;
    }

    void migrationFilter(SessionAwareTokenService tokens, String token, ClientInfo client) {
        // The filter. A request with an old token succeeds, and its response carries the replacement.
        try {
            AuthenticatedSession current;
            try {
                current = tokens.validate(token);
            } catch (InvalidTokenException e) {
                if (e.reason() != InvalidTokenException.Reason.STATELESS) {
                    throw e;
                }
                IssuedTokens migrated = tokens.migrateStateless(token, client);
                addHeader("X-Replacement-Token", migrated.accessToken()); // the client replaces its old token
                current = tokens.validate(migrated.accessToken());
            }
            handle(current.userId(), current.sessionId());
        } catch (InvalidTokenException e) {
            answer(401, "WWW-Authenticate", e.wwwAuthenticate());
        } catch (SessionStoreException e) {
            answer(503, "Retry-After", "5");
        }
    }

    void clientInfoJavadoc(Request request) {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "10.0.7.0/28")
                .location(
                        LocationDatabase.openOrUnknown(Duration.ofDays(90), Path.of("city.mmdb")),
                        LocationPrecision.CITY)
                .addressPrivacy(AddressPrivacy.shortened())
                .build();

        ClientInfo client = reader.read(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
        use(client);
    }

    void personalData() {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "10.0.7.0/28")
                .location(
                        LocationDatabase.openOrUnknown(Duration.ofDays(90), Path.of("city.mmdb")),
                        LocationPrecision.COUNTRY)
                .addressPrivacy(AddressPrivacy.shortened())
                .build();
        use(reader);
    }

    void clientInfo(Request request) {
        ClientInfoReader reader = ClientInfoReader.builder()
                .trustedProxies(ForwardingHeader.X_FORWARDED_FOR, "10.0.7.0/28") // else the socket's address counts
                .build();
        ClientInfo client = reader.read(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
        use(client);
    }

    /** The part of a servlet request that the samples use. */
    interface Request {
        String getRemoteAddr();

        Enumeration<String> getHeaders(String name);
    }

    void keySourceJavadoc() {
        SigningKey key = SigningKey.of(
                JwsAlgorithm.ES256, KeySource.pemFile(Path.of("signing.pem")).keyPair());
        use(key);
    }

    void serviceJavadoc(byte[] secret) {
        SessionAwareTokenService tokens = SessionAwareTokenService.builder()
                .issuer("https://shop.example")
                .signingKey(SigningKey.hmac256(secret))
                .sessionStore(new InMemorySessionStore())
                .build();

        IssuedTokens issued = tokens.issue(
                "user-42", ClientInfo.builder().device("Firefox on Linux").build());
        AuthenticatedSession current = tokens.validate(issued.accessToken());
        tokens.revoke(current);
    }

    void jdbcStoreJavadoc(DataSource dataSource) {
        JdbcSessionStore store = new JdbcSessionStore(dataSource);
        store.createTableIfMissing(); // or run the DDL of the jar with Flyway or Liquibase
    }

    void joiningJavadoc(
            SessionAwareTokenService tokens,
            JdbcSessionStore store,
            Connection connection,
            AuthenticatedSession current,
            String newPassword)
            throws SQLException {
        connection.setAutoCommit(false);
        changePassword(connection, current.userId(), newPassword);
        tokens.withSessionStore(store.joining(connection)).revokeOthers(current, EndCause.PASSWORD_CHANGED);
        connection.commit();
    }

    abstract void changePassword(Connection connection, String userId, String newPassword) throws SQLException;

    abstract void addHeader(String name, String value);

    abstract void use(Object... things);

    /** The client of a key service. */
    interface KeyService {
        byte[] sign(byte[] content);
    }

    private final KeyService kms = content -> content;

    abstract void mail(String userId, String text);

    abstract void handle(String userId, String sessionId);

    abstract void answer(int status, String header, String value);
}
