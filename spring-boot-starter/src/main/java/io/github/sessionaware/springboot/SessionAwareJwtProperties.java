package io.github.sessionaware.springboot;

import io.github.sessionaware.JwsAlgorithm;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.SessionListener.Novelty;
import io.github.sessionaware.clientinfo.ForwardingHeader;
import io.github.sessionaware.clientinfo.LocationPrecision;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the service, its keys, its store and the purge. What is null keeps the default of the library.
 *
 * @param enabled Whether any bean of the library is created.
 * @param issuer Issuer of the tokens, usually the URL of the application. Required.
 * @param audiences Audiences of the tokens. Default: the issuer.
 * @param acceptFormer Former issuers, each with its audience, whose tokens are still accepted: accept-former[0].issuer
 *     and accept-former[0].audience. Default of the audience: the issuer.
 * @param tokenType Type of the tokens, in their header typ. Default: at+jwt.
 * @param sessionIdClaim Claim that carries the session id. Default: sid.
 * @param accessTokenLifetime How long an access token is accepted. Default: 15 minutes with refresh tokens, otherwise
 *     the absolute timeout.
 * @param idleTimeout After how long without activity a session expires. Default: 14 days.
 * @param absoluteTimeout After how long a session expires whatever its activity. Default: 30 days.
 * @param activityInterval Time in which the activity of a session is written at most once. Default: 1 minute.
 * @param maxStaleness For how long a validate may go by a recent read of this node, up to 1 minute. Not with
 *     transactions that the store joins. Default: zero, so that each validate asks the store.
 * @param leeway By how much the clocks of the nodes may differ. Default: zero.
 * @param verifiedTokenCacheSize How many tokens the service remembers as verified. Default: 10,000, or fewer in a small
 *     heap.
 * @param acceptStatelessTokensUntil Until when tokens without a session are recognized during a migration. Default:
 *     they are refused.
 * @param logEvents Whether logins, refreshes and ends of sessions are written to the log io.github.sessionaware.events.
 * @param key The key that signs. Exactly one of secret, pem, key-store and ssl-bundle is required.
 * @param verificationKeys Further keys, which only verify: former keys whose tokens are still in use, and keys that
 *     will sign soon. Each has the same properties as key.
 * @param keyRotation How a key of a file or an SSL bundle is replaced while the application runs.
 * @param refreshTokens Refresh tokens, which are switched on by their secret.
 * @param sessionLimit How many live sessions of each category a user may have.
 * @param store Where the sessions are kept.
 * @param purge Removal of expired sessions.
 * @param client What a session records of its device.
 */
@ConfigurationProperties("session-aware-jwt")
record SessionAwareJwtProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String issuer,
        @DefaultValue List<String> audiences,
        @DefaultValue List<Former> acceptFormer,
        @Nullable String tokenType,
        @Nullable String sessionIdClaim,
        @Nullable Duration accessTokenLifetime,
        @Nullable Duration idleTimeout,
        @Nullable Duration absoluteTimeout,
        @Nullable Duration activityInterval,
        @Nullable Duration maxStaleness,
        @Nullable Duration leeway,
        @Nullable Integer verifiedTokenCacheSize,
        @Nullable Instant acceptStatelessTokensUntil,
        @DefaultValue("false") boolean logEvents,
        @DefaultValue KeySettings key,
        @DefaultValue List<KeySettings> verificationKeys,
        @DefaultValue KeyRotation keyRotation,
        @DefaultValue RefreshTokens refreshTokens,
        @DefaultValue Limit sessionLimit,
        @DefaultValue Store store,
        @DefaultValue Purge purge,
        @DefaultValue Client client) {

    /**
     * A former identity of the service.
     *
     * @param issuer The former issuer.
     * @param audience The former audience, the first one if there were several. Default: the former issuer.
     */
    record Former(String issuer, @Nullable String audience) {}

    /**
     * One key.
     *
     * @param secret Secret of an HMAC key, in Base64. openssl rand -base64 32 makes one.
     * @param pem PEM file with an RSA or elliptic curve key, as a path or a location such as classpath:signing.pem, or
     *     the text of such a file.
     * @param keyStore Key store with an RSA or elliptic curve key, as a path or a location.
     * @param keyStoreType Type of the key store. Default: PKCS12.
     * @param alias Name of the key in the key store or the SSL bundle. Not required if there is only one.
     * @param password Password of the private key in pem, or of the key store and its key.
     * @param sslBundle Name of an SSL bundle whose private key signs.
     * @param algorithm Algorithm of the key. Default: HS256 for a secret, RS256 for RSA, and that of the curve for an
     *     elliptic curve.
     * @param id Key id, by which tokens name the key. Default: none for a secret, otherwise the thumbprint of the key.
     */
    record KeySettings(
            @Nullable String secret,
            @Nullable String pem,
            @Nullable String keyStore,
            @DefaultValue("PKCS12") String keyStoreType,
            @Nullable String alias,
            @Nullable String password,
            @Nullable String sslBundle,
            @Nullable JwsAlgorithm algorithm,
            @Nullable String id) {

        /** Returns the key id and the algorithm, without the secrets. */
        @Override
        public String toString() {
            return "KeySettings[algorithm=" + algorithm + ", id=" + id + "]";
        }
    }

    /**
     * The rotation of keys.
     *
     * @param reloadInterval How often the files of pem and key-store are read again. Default: never. SSL bundles reload
     *     themselves, with reload-on-update.
     * @param publishTime For how long a new key only verifies before it signs, so that every node has it by then.
     */
    record KeyRotation(
            @Nullable Duration reloadInterval,
            @DefaultValue("5m") Duration publishTime) {}

    /**
     * The refresh tokens.
     *
     * @param secret Secret that makes the refresh tokens, in Base64. Not the secret of a key. Default: no refresh
     *     tokens.
     * @param formerSecrets Secrets whose refresh tokens are accepted too, in Base64.
     * @param graceWindow For how long a used refresh token may be used again. Default: 10 seconds.
     * @param refuseRetriesFromAnother What must not differ between the client that used a refresh token and one that
     *     uses it again within the grace window. Default: nothing.
     */
    record RefreshTokens(
            @Nullable String secret,
            @DefaultValue List<String> formerSecrets,
            @Nullable Duration graceWindow,
            @DefaultValue Set<Novelty> refuseRetriesFromAnother) {

        /** Returns the settings without the secrets. */
        @Override
        public String toString() {
            return "RefreshTokens[graceWindow=" + graceWindow + "]";
        }
    }

    /**
     * The limit of sessions.
     *
     * @param max How many live sessions a user may have in each category. 0 means no limit.
     * @param atLimit What a login does that would exceed the limit.
     */
    record Limit(
            @DefaultValue("100") int max,
            @DefaultValue("end-least-recently-active") AtLimit atLimit) {}

    /**
     * The store.
     *
     * @param type Kind of store. Default: redis if the module session-aware-jwt-redis-store and a client are there,
     *     otherwise jdbc. The in-memory store is for one node and for tests, and needs its module.
     * @param dataSource Name of the bean that is the DataSource of the sessions. Required if there are several and none
     *     is primary.
     * @param tableName Table of the sessions, at most 48 letters, digits and underscores, optionally after a schema and
     *     a dot.
     * @param timeout How long a call waits: for a database once it has a connection, 2 seconds to 1 hour; for Redis
     *     with the wait for a connection, 100 milliseconds to 1 hour. Default: 5 seconds, for Redis 2 seconds.
     * @param batchedReads How many concurrent requests share one query at most, 1 to 256. 1 switches sharing off.
     *     Default: 64 if the DataSource is a pool of HikariCP, Tomcat or DBCP, which does not choose the database by
     *     thread; otherwise 1.
     * @param initializeSchema When the tables are created at the start.
     * @param checkSchema Whether the application refuses to start without the tables.
     * @param joinTransactions Whether calls inside a transaction of Spring join it. Otherwise they commit at once.
     *     Redis joins none.
     * @param redis Settings of the store on Redis.
     */
    record Store(
            @Nullable Type type,
            @Nullable String dataSource,
            @DefaultValue("jwt_sessions") String tableName,
            @Nullable Duration timeout,
            @Nullable Integer batchedReads,
            @DefaultValue("embedded") Initialization initializeSchema,
            @DefaultValue("true") boolean checkSchema,
            @DefaultValue("true") boolean joinTransactions,
            @DefaultValue Redis redis) {

        /**
         * The store on Redis or Valkey.
         *
         * @param keyPrefix What the keys of the sessions begin with.
         * @param replicasAcknowledging How many replicas must have a login, a refresh or a revocation before its call
         *     returns; 0 to wait for none.
         */
        record Redis(
                @DefaultValue("jwt_sessions:") String keyPrefix,
                @DefaultValue("0") int replicasAcknowledging) {}

        /** The kinds of store. */
        enum Type {
            /** A table of a relational database. */
            JDBC,
            /** Redis or Valkey. */
            REDIS,
            /** The memory of this process. */
            MEMORY
        }

        /** When the tables are created. */
        enum Initialization {
            /** Never, because a migration creates them. */
            NEVER,
            /** If the database is embedded. */
            EMBEDDED,
            /** Always. */
            ALWAYS
        }
    }

    /**
     * The purge.
     *
     * @param enabled Whether this node removes expired sessions. Default: yes, except on Redis, which removes them by
     *     itself.
     * @param interval Time between two purges of this node, a tenth more or less.
     */
    record Purge(
            @Nullable Boolean enabled, @DefaultValue("1h") Duration interval) {}

    /**
     * The device information.
     *
     * @param trustedProxies Addresses and networks of the proxies whose header names the client's address. Default:
     *     none. Not needed if the server or Spring evaluates the header (server.forward-headers-strategy).
     * @param forwardingHeader Header in which the trusted proxies name the address of the client.
     * @param locationDatabase Files in MMDB format for the location of an address. Default: no locations.
     * @param locationMaxAge Greatest age of the location database at the start.
     * @param locationPrecision How much of a location a session keeps.
     * @param addressPrivacy How much of an address a session keeps.
     */
    record Client(
            @DefaultValue List<String> trustedProxies,
            @DefaultValue("x-forwarded-for") ForwardingHeader forwardingHeader,
            @DefaultValue List<Path> locationDatabase,
            @DefaultValue("90d") Duration locationMaxAge,
            @DefaultValue("city") LocationPrecision locationPrecision,
            @DefaultValue("full") Privacy addressPrivacy) {

        /** How much of an address a session keeps. */
        enum Privacy {
            /** The whole address. */
            FULL,
            /** Its network: 24 bits of IPv4, 48 bits of IPv6. */
            SHORTENED,
            /** Nothing. */
            NONE
        }
    }
}
