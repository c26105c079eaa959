package io.github.sessionaware.testing.model;

import java.util.List;
import java.util.Random;

/** What can happen in a history. */
enum Action {
    ISSUE,
    ISSUE_SHORT,
    LOGIN_AT_THE_LIMIT,
    VALIDATE,
    REFRESH,
    REAUTHENTICATE,
    RENAME,
    LOG_OUT,
    LOG_OUT_BY_REFRESH_TOKEN,
    LOG_OUT_OTHERS,
    REVOKE_ONE,
    REVOKE_OTHERS,
    REVOKE_ALL,
    REVOKE_CREATED_BEFORE,
    PURGE,
    ADVANCE_CLOCK;

    /** Draws an action. Those that make and use sessions come more often than those that end them. */
    static Action random(Random random) {
        int drawn = random.nextInt(25);
        if (drawn < 4) {
            return ISSUE;
        } else if (drawn < 10) {
            return VALIDATE;
        } else if (drawn < 14) {
            return REFRESH;
        } else if (drawn < 18) {
            return ADVANCE_CLOCK;
        } else if (drawn < 19) {
            return REAUTHENTICATE;
        }
        return values()[random.nextInt(values().length)];
    }

    /** Returns every outcome that the action can have. */
    List<String> outcomes() {
        return switch (this) {
            case ISSUE, ISSUE_SHORT -> List.of("ok");
            case LOGIN_AT_THE_LIMIT, REVOKE_CREATED_BEFORE -> List.of("ended none", "ended some");
            case REVOKE_OTHERS, REVOKE_ALL -> List.of("ended none", "ended 1", "ended several");
            case REVOKE_ONE -> List.of("ended none", "ended 1");
            case PURGE -> List.of("removed none", "removed some");
            case RENAME -> List.of("renamed", "no such session");
            case VALIDATE ->
                List.of("no session yet", "ok", "EXPIRED", "OTHER_GENERATION", "SESSION_EXPIRED", "SESSION_ENDED");
            case LOG_OUT, LOG_OUT_BY_REFRESH_TOKEN -> List.of("no session yet", "ended 1", "refused");
            case LOG_OUT_OTHERS -> List.of("no session yet", "ended none", "ended 1", "ended several", "refused");
            case REAUTHENTICATE -> List.of("no session yet", "ok", "refused");
            case REFRESH ->
                List.of(
                        "no session yet",
                        "rotated",
                        "same successor",
                        "REFRESH_TOKEN_REUSED",
                        "UNKNOWN_REFRESH_TOKEN",
                        "SESSION_EXPIRED",
                        "SESSION_ENDED");
            case ADVANCE_CLOCK -> World.clockSteps();
        };
    }
}
