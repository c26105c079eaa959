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
import io.github.sessionaware.LoginRefusedException;
import io.github.sessionaware.ReauthenticationRequiredException;
import io.github.sessionaware.Session;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionAwareTokenServiceBuilder;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionListener;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.SessionMetrics;
import io.github.sessionaware.SessionStore;
import io.github.sessionaware.SessionStoreException;
import io.github.sessionaware.SessionTimeouts;
import io.github.sessionaware.SigningKey;
import io.github.sessionaware.TokenOptions;
import io.github.sessionaware.VerificationKey;
import io.github.sessionaware.clientinfo.AddressPrivacy;
import io.github.sessionaware.clientinfo.ClientInfoReader;
import io.github.sessionaware.clientinfo.ForwardingHeader;
import io.github.sessionaware.clientinfo.LocationDatabase;
import io.github.sessionaware.clientinfo.LocationPrecision;
import io.github.sessionaware.jdbc.JdbcSessionStore;
import io.github.sessionaware.memory.InMemorySessionStore;
import io.github.sessionaware.micrometer.MicrometerSessionMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.DoubleStream;
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

    void retries(SessionAwareTokenServiceBuilder builder) {
        // an app on phones: an answer may be lost for hours, and the network may have changed, but not the device
        builder.refreshGraceWindow(Duration.ofHours(12)).refuseRetriesFromAnother(Novelty.DEVICE);
    }

    void listen(SessionAwareTokenServiceBuilder builder) {
        // three devices and one API client at most; each category counts its own sessions
        builder.sessionLimit((userId, category) -> category.equals("api")
                ? new SessionLimit(1, AtLimit.REFUSE_LOGIN)
                : new SessionLimit(3, AtLimit.END_OLDEST));
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

        // how the user was authenticated: amr of RFC 8176
        List<String> methods = current.session().authentication().methods();

        // after the user has entered the password again: new tokens of the same session; its earlier tokens are refused
        IssuedTokens next =
                tokens.reauthenticate(current, LoginOptions.defaults().withAuthenticationMethods("pwd"));

        // the name that a user gives a device, and the cause that ends sessions
        tokens.rename(current, sessionId, "kitchen tablet");
        tokens.revokeOthers(current, EndCause.PASSWORD_CHANGED);
        tokens.revokeSessionsCreatedBefore("user-42", passwordChangedAt, EndCause.PASSWORD_CHANGED);
        handle(next.accessToken(), next.refreshToken());
        use(methods);
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

    void moreTokens(SessionAwareTokenService tokens, AuthenticatedSession current) {
        // a ticket for a download, or for opening a web socket
        TokenOptions ticket = TokenOptions.defaults()
                .withType("ticket+jwt") // validate refuses it as an access token
                .withLifetime(Duration.ofSeconds(30));
        String url = "/download?ticket=" + tokens.reissue(current, ticket).accessToken();

        use(url);
    }

    // the claims of every token: of a refreshed one, and of one for another organisation
    Map<String, ?> claimsOf(String userId, Session session) {
        String organisation = session.attributes().getOrDefault("organisation", "none");
        return Map.of("organisation", organisation, "roles", rolesOf(userId, organisation));
    }

    // attributes that are not changed stay, such as the actor of a support login
    Map<String, String> with(Map<String, String> attributes, String name, String value) {
        Map<String, String> changed = new HashMap<>(attributes);
        changed.put(name, value);
        return changed;
    }

    void organisation(
            SessionAwareTokenServiceBuilder builder, SessionAwareTokenService tokens, AuthenticatedSession current) {
        builder.claimsOnRefresh(this::claimsOf);

        // the user switches the organisation: this token says so, and refreshed tokens do
        Session changed = tokens.setAttributes(current, attributes -> with(attributes, "organisation", "blue"));
        TokenOptions claims = TokenOptions.defaults().withClaims(claimsOf(current.userId(), changed));
        IssuedTokens switched = tokens.reissue(current, claims);
        use(switched);
    }

    void polling(SessionAwareTokenService tokens, String pollingToken) {
        // a page that polls: an open tab must not keep its session from being idle
        AuthenticatedSession current = tokens.validateWithoutActivity(pollingToken);
        use(current);
    }

    void staleness(
            SessionAwareTokenServiceBuilder builder, SessionAwareTokenService tokens, AuthenticatedSession current) {
        builder.maxStaleness(Duration.ofSeconds(5)); // zero, the default, asks the store each time; at most a minute

        // before something dangerous, ask the store again
        current = tokens.revalidate(current);
        use(current);
    }

    void revalidateJavadoc(SessionAwareTokenService tokens, AuthenticatedSession current) {
        current = tokens.revalidate(current);
        handle(current.userId(), current.sessionId());
    }

    void webSocket(SessionAwareTokenService tokens, String userId, String sessionId) {
        // at each message of the client
        if (!tokens.recordActivity(userId, sessionId)) {
            close();
        }
    }

    void formerIssuer(SessionAwareTokenServiceBuilder builder) {
        // step 1, on every node: still issues as before, and accepts what step 2 issues
        builder.issuer("https://old.example").acceptFormer("https://new.example", "https://new.example");

        // step 2, on every node: issues under the new URL, and accepts the tokens from before
        builder.issuer("https://new.example").acceptFormer("https://old.example", "https://old.example");
    }

    void inTests(SessionAwareTokenServiceBuilder builder) {
        // a clock that the test moves, and a store in memory
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
        SessionAwareTokenService tokens = builder.clock(now::get)
                .sessionStore(new InMemorySessionStore())
                .idleTimeout(Duration.ofHours(1))
                .build();
        String token = tokens.issue("user-42", ClientInfo.unknown()).accessToken();

        now.set(now.get().plus(Duration.ofMinutes(59)));
        tokens.validate(token);
    }

    abstract void close();

    void resourceServers(SessionAwareTokenService tokens, String userId, String sessionId) {
        // the endpoint, for services only: sub and sid of the token that was verified there
        int status = tokens.isLive(userId, sessionId) ? 204 : 404;
        use(status);
    }

    void authenticationElsewhere(SessionAwareTokenService tokens, ClientInfo client, Instant authTime) {
        // an identity provider has authenticated the user: auth_time and amr of its ID token
        LoginOptions elsewhere =
                LoginOptions.defaults().withAuthenticatedAt(authTime).withAuthenticationMethods("pwd", "otp");
        IssuedTokens issued = tokens.issue("user-42", client, elsewhere);
        use(issued);
    }

    void setAttributesJavadoc(SessionAwareTokenService tokens, AuthenticatedSession current) {
        tokens.setAttributes(current, attributes -> {
            Map<String, String> changed = new HashMap<>(attributes);
            changed.put("organisation", "blue");
            return changed;
        });
    }

    void stillAllowedJavadoc(Accounts accounts, String name) {
        Account account = accounts.find(name); // and check the password
        LoginOptions options = LoginOptions.defaults()
                .withStillAllowed(() -> accounts.passwordVersion(account.id()) == account.passwordVersion());
        use(options);
    }

    void loginInFlight(
            SessionAwareTokenService tokens,
            AuthenticatedSession current,
            Accounts accounts,
            String name,
            ClientInfo client,
            int checkedVersion,
            String newPassword) {
        // the login: read the version of the password together with its hash, check the password, and then
        Account account = accounts.find(name);
        LoginOptions options = LoginOptions.defaults()
                .withStillAllowed(() -> accounts.passwordVersion(account.id()) == account.passwordVersion());
        try {
            IssuedTokens issued = tokens.issue(account.id(), client, options);
            handle(issued.accessToken(), issued.refreshToken());
        } catch (LoginRefusedException e) {
            answer(401, "WWW-Authenticate", "Form"); // the password has changed at this moment: ask for it again
        }

        // the change: first the password and its version, in one step, and only then the sessions
        if (accounts.changePassword(current.userId(), checkedVersion, newPassword)) {
            tokens.revokeOthers(current, EndCause.PASSWORD_CHANGED);
        }
    }

    record Account(String id, int passwordVersion) {}

    /** The user accounts of the application. */
    interface Accounts {
        Account find(String name);

        int passwordVersion(String userId);

        boolean changePassword(String userId, int checkedVersion, String newPassword);
    }

    void joinedLogin(
            SessionAwareTokenService tokens,
            JdbcSessionStore store,
            Connection connection,
            Account account,
            ClientInfo client)
            throws SQLException {
        // select 1 from accounts where id = ? and password_version = ? for update
        connection.setAutoCommit(false);
        if (lockIfVersionIs(connection, account.id(), account.passwordVersion())) {
            IssuedTokens issued =
                    tokens.withSessionStore(store.joining(connection)).issue(account.id(), client);
            connection.commit();
            handle(issued.accessToken(), issued.refreshToken()); // only after the commit
        }
    }

    abstract boolean lockIfVersionIs(Connection connection, String userId, int version) throws SQLException;

    void support(
            SessionAwareTokenService tokens,
            SessionAwareTokenServiceBuilder builder,
            AuthenticatedSession staff,
            ClientInfo client) {
        // each category has a limit of its own
        builder.sessionLimit((userId, category) -> category.equals("device")
                ? new SessionLimit(3, AtLimit.END_LEAST_RECENTLY_ACTIVE)
                : new SessionLimit(20, AtLimit.REFUSE_LOGIN));

        // a member of staff, authenticated a moment ago in a session of their own, looks at the account of user-42
        staff.requireAuthenticatedWithin(Duration.ofMinutes(5));
        LoginOptions options = LoginOptions.defaults()
                .withCategory("support")
                .withTimeouts(new SessionTimeouts(Duration.ofMinutes(15), Duration.ofHours(1)))
                .withAttributes(Map.of("actor", staff.userId())) // listed, and kept by refreshes
                .withClaims(Map.of("act", Map.of("sub", staff.userId()))); // RFC 8693, section 4.1
        IssuedTokens issued = tokens.issue("user-42", client, options);

        // a refreshed token names the actor too
        builder.claimsOnRefresh((userId, session) -> {
            String actor = session.attributes().get("actor");
            return actor == null ? Map.of() : Map.of("act", Map.of("sub", actor));
        });
        use(issued);
    }

    void guests(SessionAwareTokenService tokens, AuthenticatedSession guest, ClientInfo client, Instant registeredAt) {
        // a guest signs in: a new session for the user, with what the guest has collected, and then the end of the old
        IssuedTokens issued = tokens.issue(
                "user-42",
                client,
                LoginOptions.defaults().withAttributes(guest.session().attributes()));
        tokens.revoke(guest);

        // at registration, if the id may have had an owner before
        tokens.revokeSessionsCreatedBefore("user-42", registeredAt);
        use(issued);
    }

    void secretToKeyPair(
            SessionAwareTokenServiceBuilder settings,
            SigningKey secret,
            SigningKey keyPair,
            String token,
            Map<String, Object> claims) {
        // two services that differ only in their keys
        SessionAwareTokenService former =
                settings.keyRing(() -> KeyRing.of(secret)).build();
        SessionAwareTokenService next =
                settings.keyRing(() -> KeyRing.of(keyPair)).build();

        // on every request
        AuthenticatedSession current;
        try {
            current = next.validate(token);
        } catch (InvalidTokenException e) {
            if (e.reason() != InvalidTokenException.Reason.UNKNOWN_KEY) {
                throw e;
            }
            current = former.validate(token);
        }

        // for a client without refresh tokens: a token of the next key for the same session
        IssuedTokens replacement = next.reissue(current, TokenOptions.defaults().withClaims(claims));
        use(replacement);
    }

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
                // without a limit, so that the login of one device ends no other
                IssuedTokens migrated = tokens.migrateStateless(
                        token, client, LoginOptions.defaults().withSessionLimit(SessionLimit.unlimited()));
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

    void metrics(MeterRegistry registry, DataSource dataSource, byte[] secret) {
        SessionMetrics metrics = new MicrometerSessionMetrics(registry);
        JdbcSessionStore store = new JdbcSessionStore(dataSource).withMetrics(metrics);
        SessionAwareTokenService tokens = SessionAwareTokenService.builder()
                .issuer("https://shop.example")
                .signingKey(SigningKey.hmac256(secret))
                .sessionStore(store)
                .metrics(metrics)
                .build();
        use(tokens);
    }

    void histogram(MeterRegistry registry) {
        double[] borders = DoubleStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
                .map(milliseconds -> milliseconds * 1_000_000)
                .toArray();
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals("session.aware.store.calls")
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(borders)
                                .build()
                                .merge(config)
                        : config;
            }
        });
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
