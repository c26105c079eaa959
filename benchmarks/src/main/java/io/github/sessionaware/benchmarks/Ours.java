package io.github.sessionaware.benchmarks;

import io.github.sessionaware.SessionAwareTokenService;

/** This library, wherever its sessions are. */
interface Ours extends Way {
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
