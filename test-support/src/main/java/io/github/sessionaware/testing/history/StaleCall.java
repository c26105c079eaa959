package io.github.sessionaware.testing.history;

import java.util.List;

/** What a node does with a record that it has read before another node renewed the session's authentication. */
enum StaleCall {
    VALIDATE("accepted"),
    REFRESH("refused: UNKNOWN_REFRESH_TOKEN"),
    REAUTHENTICATE("refused: OTHER_GENERATION"),
    RENAME("renamed"),
    REVOKE_OTHERS("revoked: OTHERS"),
    REVOKE("revoked: ONE");

    private final String answer;

    StaleCall(String answer) {
        this.answer = answer;
    }

    void on(RecordedService node, Held held) {
        String userId = held.tokens().userId();
        switch (this) {
            case VALIDATE -> node.validate(held);
            case REFRESH -> node.refresh(held);
            case REAUTHENTICATE -> node.reauthenticate(held);
            case RENAME -> node.rename(userId, held.sessionId(), "kitchen tablet");
            case REVOKE_OTHERS -> node.revokeOtherSessions(userId, held.sessionId());
            case REVOKE -> node.revokeSession(userId, held.sessionId());
        }
    }

    /** Returns the kind of the answer. A validate overlaps the step-up, so it may have been first. */
    String answer() {
        return answer;
    }

    /**
     * Returns which writes of the node succeed, in their order. The first attempt to rename loses. The second reads the
     * record of the new generation and changes only the label. Revocations depend on no version.
     */
    List<Boolean> writes() {
        return switch (this) {
            case VALIDATE, REFRESH, REAUTHENTICATE -> List.of(false);
            case RENAME -> List.of(false, true);
            case REVOKE_OTHERS, REVOKE -> List.of(true);
        };
    }
}
