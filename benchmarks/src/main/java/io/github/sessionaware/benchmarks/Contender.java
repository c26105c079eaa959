package io.github.sessionaware.benchmarks;

import java.sql.SQLException;

/** Who is measured. */
public enum Contender {
    FLOOR("by hand, as fast as we could write it"),
    JAVA_JWT("java-jwt alone, no session"),
    JAVA_JWT_AND_MAP("by hand: java-jwt and a ConcurrentHashMap"),
    SA_TOKEN_MIXIN("Sa-Token, mixin mode: signature, no logout"),
    SA_TOKEN_SIMPLE("Sa-Token, simple mode: no signature"),
    SA_TOKEN_SIMPLE_WITH_SIGNATURE("Sa-Token, simple mode, signature verified too"),
    OURS("session-aware-jwt"),
    OURS_WITHOUT_CACHE("session-aware-jwt, verified tokens not kept"),
    HELD_CONNECTION("select by primary key, connection held"),
    JAVA_JWT_AND_SELECT("by hand: java-jwt and a select through HikariCP"),
    OURS_ON_POSTGRES("session-aware-jwt"),
    OURS_ON_POSTGRES_ALONE("session-aware-jwt, no query shared"),
    OURS_ON_POSTGRES_WITHOUT_CACHE("session-aware-jwt, verified tokens not kept"),
    JAVA_JWT_AT_REST("by hand: java-jwt and a select, no activity due"),
    JAVA_JWT_AT_A_PACE("by hand: java-jwt and a select, one request in 20 updates its row"),
    OURS_AT_A_PACE("session-aware-jwt, one validate in 20 records activity"),
    OURS_AT_REST("session-aware-jwt, no activity due"),
    SPRING_SESSION("Spring Session JDBC");

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

    /** Whether it makes a difference if a token was there before. */
    boolean remembersTokens() {
        return this == OURS || this == OURS_ON_POSTGRES || this == OURS_ON_POSTGRES_ALONE;
    }

    /** And so depends on how they are signed. */
    boolean readsTokens() {
        return this != HELD_CONNECTION && this != SPRING_SESSION && this != SA_TOKEN_SIMPLE;
    }

    /** The sessions are those in the table, where there is one. */
    Way open(SignedWith signedWith, int sessions) throws SQLException {
        return switch (this) {
            case FLOOR -> new Floor();
            case JAVA_JWT -> new JavaJwt(signedWith);
            case JAVA_JWT_AND_MAP -> new JavaJwtAndMap(signedWith);
            case SA_TOKEN_MIXIN -> SaToken.mixin();
            case SA_TOKEN_SIMPLE -> SaToken.simple();
            case SA_TOKEN_SIMPLE_WITH_SIGNATURE -> SaToken.simpleWithSignature();
            case OURS -> new OursInMemory(signedWith, Services::withDefaults);
            case OURS_WITHOUT_CACHE -> new OursInMemory(signedWith, Services::withoutVerifiedTokens);
            case HELD_CONNECTION -> new SelectOnly(sessions);
            case JAVA_JWT_AND_SELECT -> new JavaJwtAndSelect(signedWith, sessions);
            case OURS_ON_POSTGRES -> new OursOnPostgres(signedWith, sessions, Services::withDefaults);
            case OURS_ON_POSTGRES_ALONE -> new OursOnPostgres(signedWith, sessions, Services::withoutBatchedReads);
            case OURS_ON_POSTGRES_WITHOUT_CACHE ->
                new OursOnPostgres(signedWith, sessions, Services::withoutVerifiedTokens);
            case JAVA_JWT_AT_REST -> new JavaJwtAtAPace(signedWith, sessions, Pace.ofNone());
            case JAVA_JWT_AT_A_PACE -> new JavaJwtAtAPace(signedWith, sessions, Pace.ofOneInTwenty());
            case OURS_AT_A_PACE -> new OursAtAPace(signedWith, sessions, Pace.ofOneInTwenty());
            case OURS_AT_REST -> new OursAtAPace(signedWith, sessions, Pace.ofNone());
            case SPRING_SESSION -> new SpringSession(sessions);
        };
    }
}
