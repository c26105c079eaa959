package io.github.sessionaware.jdbc;

import static io.github.sessionaware.jdbc.SampleSessions.START;
import static io.github.sessionaware.jdbc.SampleSessions.USER;
import static io.github.sessionaware.testing.TestService.aServiceOn;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sessionaware.ClientInfo;
import io.github.sessionaware.InvalidTokenException;
import io.github.sessionaware.IssuedTokens;
import io.github.sessionaware.LoginOptions;
import io.github.sessionaware.SessionAwareTokenService;
import io.github.sessionaware.SessionLimit;
import io.github.sessionaware.SessionLimit.AtLimit;
import io.github.sessionaware.testing.FakeClock;
import io.github.sessionaware.testing.TestService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Stores nothing with which a reader of the tables could log in. */
abstract class StoredSecrets extends StoreFixture {
    StoredSecrets(TestDatabase database) {
        super(database);
    }

    @Test
    void noCellOfTheTablesAuthenticates() {
        store.createTableIfMissing();
        SessionAwareTokenService service = aServiceOn(store)
                .clock(new FakeClock(START))
                .refreshTokens(TestService.refreshSecret())
                .sessionLimit(new SessionLimit(3, AtLimit.END_OLDEST))
                .build();
        List<IssuedTokens> issued = new ArrayList<>();
        issued.add(service.issue(USER, ClientInfo.unknown()));
        issued.add(service.refresh(issued.get(0).refreshToken(), ClientInfo.unknown()));
        issued.add(service.reauthenticate(service.validate(issued.get(1).accessToken()), LoginOptions.defaults()));
        issued.add(service.refresh(issued.get(2).refreshToken(), ClientInfo.unknown()));
        IssuedTokens latest = issued.get(3);
        service.renameSession(USER, latest.session().id(), "kitchen tablet");

        Set<String> cells = cells();

        String ownerAndSession = latest.refreshToken()
                        .substring(
                                0,
                                latest.refreshToken().indexOf(latest.session().id()))
                + latest.session().id() + "~";

        issued.forEach(tokens -> assertHoldNoPartOf(tokens, cells));
        for (String cell : cells) {
            assertThrows(InvalidTokenException.class, () -> service.validate(cell));
            assertThrows(InvalidTokenException.class, () -> service.refresh(cell, ClientInfo.unknown()));
            for (String other : cells) {
                String made = ownerAndSession + cell + "~" + other;
                assertThrows(InvalidTokenException.class, () -> service.refresh(made, ClientInfo.unknown()));
            }
        }
        service.validate(
                service.refresh(latest.refreshToken(), ClientInfo.unknown()).accessToken());
    }

    /** Every cell of every table, and each part of it. */
    private Set<String> cells() {
        Set<String> cells = new HashSet<>();
        for (String table : List.of("jwt_sessions", "jwt_sessions_schema", "jwt_sessions_locks")) {
            for (Map<String, Object> row : database.rows(table)) {
                for (Object cell : row.values()) {
                    cells.add("" + cell);
                    cells.addAll(List.of(("" + cell).split("[.~]", -1)));
                }
            }
        }
        return cells;
    }

    private static void assertHoldNoPartOf(IssuedTokens tokens, Set<String> cells) {
        Set<String> secrets = new HashSet<>(List.of(tokens.accessToken(), tokens.refreshToken()));
        secrets.addAll(List.of(tokens.accessToken().split("\\.", -1)));
        secrets.addAll(List.of(tokens.refreshToken().split("~", -1)));
        secrets.remove(tokens.session().id());
        secrets.forEach(secret -> cells.forEach(cell -> assertFalse(cell.contains(secret), "a secret is stored")));
    }
}
