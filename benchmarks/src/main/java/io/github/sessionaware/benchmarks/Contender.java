package io.github.sessionaware.benchmarks;

import java.sql.SQLException;

/** The libraries and hand-written checks that the benchmarks compare. */
public enum Contender {
    HAND_WRITTEN("hand-written, as fast as we could make it"),
    JAVA_JWT("java-jwt alone, no session"),
    JAVA_JWT_AND_MAP("hand-written: java-jwt and a ConcurrentHashMap"),
    SA_TOKEN_MIXIN("Sa-Token, mixin mode: signature, no logout"),
    SA_TOKEN_SIMPLE("Sa-Token, simple mode: no signature"),
    SA_TOKEN_SIMPLE_WITH_SIGNATURE("Sa-Token, simple mode, signature verified too"),
    OURS("session-aware-jwt"),
    OURS_WITHOUT_CACHE("session-aware-jwt, token cache off"),
    SELECT_ONLY("select by primary key on an open connection"),
    JAVA_JWT_AND_SELECT("hand-written: java-jwt and a select through HikariCP"),
    OURS_ON_POSTGRES("session-aware-jwt"),
    OURS_ON_POSTGRES_SHARED_SELECTS("session-aware-jwt, shared selects"),
    OURS_ON_POSTGRES_WITHOUT_CACHE("session-aware-jwt, token cache off"),
    OURS_ON_POSTGRES_BOUNDED("session-aware-jwt, maxStaleness 5 s"),
    JAVA_JWT_NO_ACTIVITY_DUE("hand-written: java-jwt and a select, no activity due"),
    JAVA_JWT_WITH_ACTIVITY("hand-written: java-jwt and a select, one request in 20 updates its row"),
    OURS_WITH_ACTIVITY("session-aware-jwt, one validate in 20 records activity"),
    OURS_NO_ACTIVITY_DUE("session-aware-jwt, no activity due"),
    SPRING_SESSION("Spring Session JDBC"),
    HGET_ONLY("HGET on an open connection"),
    OURS_ON_REDIS("session-aware-jwt"),
    SPRING_SESSION_REDIS("Spring Session Redis");

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    boolean isOurs() {
        return name().startsWith("OURS");
    }

    /** Whether a token that was validated before costs less than a new one. */
    boolean cachesTokens() {
        return this == OURS
                || this == OURS_ON_POSTGRES
                || this == OURS_ON_POSTGRES_SHARED_SELECTS
                || this == OURS_ON_POSTGRES_BOUNDED
                || this == OURS_ON_REDIS;
    }

    /** Whether it reads signed tokens. If so, its cost depends on the algorithm. */
    boolean readsTokens() {
        return this != SELECT_ONLY
                && this != SPRING_SESSION
                && this != SA_TOKEN_SIMPLE
                && this != HGET_ONLY
                && this != SPRING_SESSION_REDIS;
    }

    /**
     * Opens this contender.
     *
     * @param sessions the number of sessions in the table, which selects the database; without effect in memory
     */
    Authenticator open(SignedWith signedWith, int sessions) throws SQLException {
        return switch (this) {
            case HAND_WRITTEN -> new HandWritten();
            case JAVA_JWT -> new JavaJwt(signedWith);
            case JAVA_JWT_AND_MAP -> new JavaJwtAndMap(signedWith);
            case SA_TOKEN_MIXIN -> SaToken.mixin();
            case SA_TOKEN_SIMPLE -> SaToken.simple();
            case SA_TOKEN_SIMPLE_WITH_SIGNATURE -> SaToken.simpleWithSignature();
            case OURS -> new OursInMemory(signedWith, Services::withDefaults);
            case OURS_WITHOUT_CACHE -> new OursInMemory(signedWith, Services::withoutTokenCache);
            case SELECT_ONLY -> new SelectOnly(sessions);
            case JAVA_JWT_AND_SELECT -> new JavaJwtAndSelect(signedWith, sessions);
            case OURS_ON_POSTGRES -> new OursOnPostgres(signedWith, sessions, Services::withDefaults);
            case OURS_ON_POSTGRES_SHARED_SELECTS ->
                new OursOnPostgres(signedWith, sessions, Services::withSharedSelects);
            case OURS_ON_POSTGRES_WITHOUT_CACHE ->
                new OursOnPostgres(signedWith, sessions, Services::withoutTokenCache);
            case OURS_ON_POSTGRES_BOUNDED -> new OursOnPostgres(signedWith, sessions, Services::withBoundedStaleness);
            case JAVA_JWT_NO_ACTIVITY_DUE -> new JavaJwtWithActivity(signedWith, sessions, RequestClock.noneDue());
            case JAVA_JWT_WITH_ACTIVITY -> new JavaJwtWithActivity(signedWith, sessions, RequestClock.oneInTwentyDue());
            case OURS_WITH_ACTIVITY -> new OursWithActivity(signedWith, sessions, RequestClock.oneInTwentyDue());
            case OURS_NO_ACTIVITY_DUE -> new OursWithActivity(signedWith, sessions, RequestClock.noneDue());
            case SPRING_SESSION -> SpringSession.onPostgres(sessions);
            case HGET_ONLY -> new HgetOnly();
            case OURS_ON_REDIS -> new OursOnRedis(signedWith);
            case SPRING_SESSION_REDIS -> SpringSession.onRedis();
        };
    }
}
