package io.github.sessionaware.benchmarks;

import io.github.sessionaware.SessionAwareTokenService;

/** This library on any store. */
interface Ours extends Authenticator {
    SessionAwareTokenService service();

    @Override
    default String userOf(String token) {
        return service().validate(token).userId();
    }

    @Override
    default boolean logOut(String token) {
        return service().revokeAllSessions(userOf(token)) == 1;
    }
}
